import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.StringJoiner;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/**
 * How Lucene's own query parser reads query strings. Each line of the input is `O` or `A` (the default operator) and a
 * text in base64, each line of the output its structure in JSON, or `null` where the parser rejects it.
 *
 * The parser is set as Elasticsearch's `query_string` sets it. A leaf is kept as the parser hands it to the hooks that
 * Elasticsearch overrides: nothing is analysed.
 */
public class LuceneWitness extends QueryParser {
    LuceneWitness(boolean allWords) {
        super("", new StandardAnalyzer());
        setSplitOnWhitespace(false);
        setAllowLeadingWildcard(true);
        setDefaultOperator(allWords ? Operator.AND : Operator.OR);
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String text = new String(Base64.getDecoder().decode(line.substring(1)), StandardCharsets.UTF_8);
            out.println(read(text, line.charAt(0) == 'A'));
        }
        out.flush();
    }

    static String read(String text, boolean allWords) {
        try {
            return shape(new LuceneWitness(allWords).parse(text));
        } catch (ParseException | IllegalArgumentException rejected) {
            return "null";
        }
    }

    static String shape(Query query) {
        if (query instanceof BoostQuery) {
            return shape(((BoostQuery) query).getQuery());
        }
        if (query instanceof TermQuery) {
            return ((TermQuery) query).getTerm().text();
        }
        StringJoiner clauses = new StringJoiner(", ", "[\"bool\", [", "]]");
        for (BooleanClause clause : ((BooleanQuery) query).clauses()) {
            clauses.add("[\"" + clause.getOccur() + "\", " + shape(clause.getQuery()) + "]");
        }
        return clauses.toString();
    }

    @Override
    protected Query getFieldQuery(String field, String text, boolean quoted) {
        return leaf(quoted ? "phrase" : "term", field, text);
    }

    @Override
    protected Query getFieldQuery(String field, String text, int slop) {
        return leaf("phrase", field, text);
    }

    @Override
    protected Query getRangeQuery(String field, String low, String high, boolean fromLow, boolean toHigh) {
        return leaf("range", field, low, fromLow ? "in" : "out", high, toHigh ? "in" : "out");
    }

    @Override
    protected Query getPrefixQuery(String field, String text) {
        return leaf("prefix", field, text);
    }

    @Override
    protected Query getWildcardQuery(String field, String raw) {
        return leaf("wildcard", field, raw);
    }

    @Override
    protected Query getRegexpQuery(String field, String pattern) {
        return leaf("regex", field, pattern);
    }

    @Override
    protected Query getFuzzyQuery(String field, String text, float distance) {
        return leaf("fuzzy", field, text);
    }

    static Query leaf(String... parts) {
        StringJoiner json = new StringJoiner(", ", "[", "]");
        for (String part : parts) {
            json.add(part == null ? "null" : quoted(part));
        }
        return new TermQuery(new Term("", json.toString()));
    }

    static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char unit : text.toCharArray()) {
            json.append(unit < ' ' || unit > '~' || unit == '"' || unit == '\\' ? String.format("\\u%04x", (int) unit) : unit);
        }
        return json.append('"').toString();
    }
}
