import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.Base64;
import java.util.regex.Pattern;
import org.apache.lucene.util.automaton.CharacterRunAutomaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.RegExp;
import org.jcodings.specific.UTF8Encoding;
import org.joni.Matcher;
import org.joni.Option;
import org.joni.Regex;
import org.joni.Region;

/**
 * What real engines say of patterns; `ask_engines.py` calls it and writes the answers to tests/data.
 * Input: a line for each pattern, tab-separated: rlike, replace or grok; then base64 of UTF-8: the pattern, for replace
 * the replacement, and the texts. Output: a line for each pattern: base64 of each answer, or "E " and the error.
 * Answers: rlike "0" or "1"; replace the new text; grok the start and end (in bytes) of the match and of each group,
 * comma-separated, or "-".
 */
public class Engines {
    /** What Elasticsearch 9 passes, `ALL | DEPRECATED_COMPLEMENT` of Lucene 10; this compiles with Lucene 8 too. */
    private static final int FLAGS = 0xff | 0x10000;

    public static void main(String[] arguments) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        PrintStream output = new PrintStream(System.out, true, "UTF-8");
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] parts = line.split("\t", -1);
            try {
                output.println(answers(parts));
            } catch (RuntimeException error) {
                output.println("E " + String.valueOf(error.getMessage()).replace('\n', ' '));
            }
        }
    }

    private static String answers(String[] parts) throws Exception {
        switch (parts[0]) {
            case "rlike":
                return rlike(parts);
            case "replace":
                return replace(parts);
            default:
                return grok(parts);
        }
    }

    private static String rlike(String[] parts) throws Exception {
        RegExp expression = new RegExp(decoded(parts[1]), FLAGS);
        CharacterRunAutomaton automaton =
            new CharacterRunAutomaton(Operations.determinize(expression.toAutomaton(), 10000));
        StringBuilder answers = new StringBuilder();
        for (int i = 2; i < parts.length; i++) {
            answers.append(encoded(automaton.run(decoded(parts[i])) ? "1" : "0")).append('\t');
        }
        return answers.toString();
    }

    private static String replace(String[] parts) throws Exception {
        Pattern pattern = Pattern.compile(decoded(parts[1]));
        StringBuilder answers = new StringBuilder();
        for (int i = 3; i < parts.length; i++) {
            answers.append(encoded(pattern.matcher(decoded(parts[i])).replaceAll(decoded(parts[2])))).append('\t');
        }
        return answers.toString();
    }

    private static String grok(String[] parts) throws Exception {
        byte[] bytes = decoded(parts[1]).getBytes("UTF-8");
        Regex regex = new Regex(bytes, 0, bytes.length, Option.NONE, UTF8Encoding.INSTANCE);
        StringBuilder answers = new StringBuilder();
        for (int i = 2; i < parts.length; i++) {
            byte[] text = decoded(parts[i]).getBytes("UTF-8");
            Matcher matcher = regex.matcher(text);
            StringBuilder spans = new StringBuilder("-");
            if (matcher.search(0, text.length, Option.DEFAULT) >= 0) {
                Region region = matcher.getEagerRegion();
                spans = new StringBuilder();
                for (int group = 0; group < region.numRegs; group++) {
                    spans.append(region.beg[group]).append(',').append(region.end[group]).append(' ');
                }
            }
            answers.append(encoded(spans.toString().trim())).append('\t');
        }
        return answers.toString();
    }

    private static String decoded(String text) throws Exception {
        return new String(Base64.getDecoder().decode(text), "UTF-8");
    }

    private static String encoded(String text) throws Exception {
        return Base64.getEncoder().encodeToString(text.getBytes("UTF-8"));
    }
}
