import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.Base64;
import org.apache.lucene.util.automaton.CharacterRunAutomaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.RegExp;

/**
 * What Lucene says of regular expressions; made the answers of tests/data/lucene-regexp.toml.
 * Input: a line for each pattern, tab-separated base64 of UTF-8: pattern, "0" or "1" (ignore case, not encoded), texts.
 * Output: a line for each pattern: "0" or "1" for each text, or "E " and the error.
 * Compiled with Lucene 8 (Debian package liblucene8-java) and JDK 17, run with Lucene 10 (a jar that holds it is inside
 * of the PyPI package pyserini 2.4.0) and a Java of version 21 or later: java -cp lucene-10.jar:. LuceneRegexp
 */
public class LuceneRegexp {
    /** What Elasticsearch 9 passes: `ALL | DEPRECATED_COMPLEMENT` of Lucene 10. */
    private static final int FLAGS = 0xff | 0x10000;

    public static void main(String[] arguments) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        PrintStream output = new PrintStream(System.out, true, "UTF-8");
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            output.println(answers(line.split("\t", -1)));
        }
    }

    private static String answers(String[] parts) throws Exception {
        StringBuilder answers = new StringBuilder();
        try {
            int flags = parts[1].equals("1") ? RegExp.ASCII_CASE_INSENSITIVE : 0;
            RegExp expression = new RegExp(decoded(parts[0]), FLAGS, flags);
            CharacterRunAutomaton automaton =
                new CharacterRunAutomaton(Operations.determinize(expression.toAutomaton(), 10000));
            for (int i = 2; i < parts.length; i++) {
                answers.append(automaton.run(decoded(parts[i])) ? '1' : '0');
            }
        } catch (IllegalArgumentException error) {
            return "E " + error.getMessage();
        }
        return answers.toString();
    }

    private static String decoded(String text) throws Exception {
        return new String(Base64.getDecoder().decode(text), "UTF-8");
    }
}
