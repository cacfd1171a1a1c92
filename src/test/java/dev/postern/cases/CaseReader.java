package dev.postern.cases;

import dev.postern.cases.CaseFile.Credential;
import dev.postern.cases.CaseFile.Expected;
import dev.postern.cases.CaseFile.GoldenCase;
import dev.postern.cases.CaseFile.Header;
import dev.postern.cases.CaseFile.Issuer;
import dev.postern.cases.CaseFile.PrivateEndpoint;
import dev.postern.cases.CaseFile.ProxyHeader;
import dev.postern.cases.CaseFile.Settings;
import dev.postern.cases.CaseFile.Verdict;
import dev.postern.decision.Scope;
import dev.postern.testing.RawHttp;
import dev.postern.testing.TestIssuer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** Reads case files, strictly: a mistyped key would be a case that shows nothing. */
final class CaseReader {

    private CaseReader() {}

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException for every mistake, naming the file and the case
     */
    static CaseFile read(String name, String text) {
        Fields fields = new Fields(name, yaml(name, text));
        Settings settings = settings(fields.map("settings"));
        String policy = fields.text("policy");
        Map<String, Credential> credentials = new LinkedHashMap<>();
        fields.map("credentials")
                .maps()
                .forEach((credential, entry) -> credentials.put(credential, credential(entry, settings.issuers())));
        List<GoldenCase> cases = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Object item : fields.list("cases")) {
            GoldenCase golden = golden(name, item, credentials);
            if (!names.add(golden.name())) {
                throw fields.mistake("the case '" + golden.name() + "' stands twice");
            }
            cases.add(golden);
        }
        fields.end();
        if (cases.isEmpty()) {
            throw fields.mistake("has no cases");
        }
        return new CaseFile(name, settings, policy, credentials, cases);
    }

    private static Settings settings(Fields fields) {
        Map<String, PrivateEndpoint> endpoints = new LinkedHashMap<>();
        fields.map("private-endpoints").maps().forEach((name, endpoint) -> {
            endpoints.put(
                    name,
                    new PrivateEndpoint(
                            endpoint.texts("hostnames"),
                            endpoint.texts("translated-addresses"),
                            endpoint.texts("link-ids")));
            endpoint.end();
        });
        Settings settings = new Settings(
                fields.texts("trusted-proxies"),
                endpoints,
                issuers(fields.map("oidc")),
                fields.text("region"),
                fields.optionalText("refer-url"));
        fields.end();
        return settings;
    }

    private static Map<String, Issuer> issuers(Fields fields) {
        Map<String, Issuer> issuers = new LinkedHashMap<>();
        fields.maps().forEach((name, issuer) -> {
            Map<String, String> roles = new LinkedHashMap<>();
            Fields mapped = issuer.map("roles");
            mapped.keys().forEach(role -> roles.put(role, mapped.text(role)));
            issuers.put(
                    name,
                    new Issuer(
                            issuer.text("issuer"),
                            issuer.text("audience"),
                            issuer.optionalText("account-claim"),
                            issuer.texts("accounts"),
                            issuer.optionalText("groups-claim"),
                            issuer.optionalText("roles-claim"),
                            roles));
            issuer.end();
        });
        return issuers;
    }

    private static Credential credential(Fields fields, Map<String, Issuer> issuers) {
        Credential credential = fields.has("authorization")
                ? new Credential(fields.text("authorization"))
                : fields.has("issuer")
                        ? token(fields, issuers)
                        : new Credential(RawHttp.basic(fields.text("user"), fields.text("password")));
        fields.end();
        return credential;
    }

    /** A token that is good whatever the clock says, and was not made by the server that judges it. */
    private static Credential token(Fields fields, Map<String, Issuer> issuers) {
        Issuer issuer = issuers.get(fields.text("issuer"));
        if (issuer == null) {
            throw fields.mistake("the settings have no such issuer");
        }
        Map<String, Object> claims = new LinkedHashMap<>(fields.tree("claims"));
        claims.put("iss", issuer.issuer());
        claims.put("aud", issuer.audience());
        claims.put("iat", 1_700_000_000);
        claims.put("exp", 4_000_000_000L);
        String token = TestIssuer.SHARED.token(claims);
        String user = fields.optionalText("user").orElse("oidc");
        return new Credential(user.equals("bearer") ? "Bearer " + token : RawHttp.basic(user, token));
    }

    private static GoldenCase golden(String file, Object item, Map<String, Credential> credentials) {
        String name = new Fields(file, item).text("name");
        Fields fields = new Fields(file + ": " + name, item);
        List<Header> headers = new ArrayList<>();
        fields.texts("x-forwarded-for").forEach(line -> headers.add(new Header("X-Forwarded-For", line)));
        for (String line : fields.texts("headers")) {
            int colon = line.indexOf(": ");
            headers.add(new Header(line.substring(0, colon), line.substring(colon + 2)));
        }
        Optional<Credential> credential = fields.optionalText("credentials").map(key -> {
            if (!credentials.containsKey(key)) {
                throw fields.mistake("there are no credentials '" + key + "'");
            }
            return credentials.get(key);
        });
        if (!fields.has("scopes")) {
            throw fields.mistake("has no 'scopes'; a login has an empty list");
        }
        GoldenCase golden = new GoldenCase(
                fields.text("name"),
                fields.text("peer"),
                proxy(fields),
                List.copyOf(headers),
                fields.optionalText("host").orElse(CaseFile.USUAL_HOST),
                fields.optionalText("at").map(Instant::parse).orElse(CaseFile.USUAL_TIME),
                credential,
                fields.texts("scopes"),
                expected(fields.map("expect")));
        fields.end();
        check(fields, golden);
        return golden;
    }

    /** Those of a case that says {@code over: engine}, and no other: a case is left out of HTTP knowingly. */
    private static Optional<ProxyHeader> proxy(Fields fields) {
        Optional<String> over = fields.optionalText("over");
        if (over.isPresent() != fields.has("proxy") || !over.orElse("engine").equals("engine")) {
            throw fields.mistake("'proxy' goes with 'over: engine', and that with 'proxy'");
        }
        if (over.isEmpty()) {
            return Optional.empty();
        }
        Fields proxy = fields.map("proxy");
        ProxyHeader header = new ProxyHeader(proxy.text("address"), proxy.texts("links"));
        proxy.end();
        return Optional.of(header);
    }

    private static Expected expected(Fields fields) {
        Verdict verdict = Verdict.valueOf(fields.text("decision").toUpperCase(Locale.ROOT));
        Map<String, List<String>> granted = new LinkedHashMap<>();
        Fields actions = fields.map("granted");
        actions.keys().forEach(scope -> granted.put(canonical(scope), actions.texts(scope)));
        Expected expected = new Expected(
                verdict,
                fields.text("reason"),
                granted,
                fields.optionalText("message"),
                fields.optionalText("rule"),
                fields.optionalText("finding"),
                fields.optionalText("source"),
                fields.optionalText("warning"));
        fields.end();
        return expected;
    }

    /** A case whose parts contradict one another shows nothing, whatever the engine says. */
    private static void check(Fields fields, GoldenCase golden) {
        Expected expected = golden.expected();
        boolean something = !expected.granted().isEmpty() || golden.scopes().isEmpty();
        boolean consistent = switch (expected.verdict()) {
            case GRANTED -> expected.reason().equals(something ? "granted" : "not-permitted");
            case UNKNOWN ->
                expected.reason().equals("source-unknown")
                        && expected.source()
                                .map(source -> source.startsWith("unknown "))
                                .orElse(false);
            case REFUSED ->
                !Set.of("granted", "not-permitted", "source-unknown").contains(expected.reason());
        };
        if (!consistent) {
            throw fields.mistake("the decision, its reason and what is granted do not go together");
        }
        if (expected.verdict() != Verdict.GRANTED && !expected.granted().isEmpty()) {
            throw fields.mistake("grants something with a refusal");
        }
        Set<String> asked = new TreeSet<>();
        golden.scopes().forEach(scope -> asked.add(canonical(scope)));
        if (!asked.containsAll(expected.granted().keySet())) {
            throw fields.mistake("grants scopes that are not asked for");
        }
    }

    /** A scope in the form in which it is compared. */
    private static String canonical(String text) {
        return switch (Scope.parse(text)) {
            case Scope.Parsed parsed -> parsed.scope().toString();
            case Scope.Malformed malformed ->
                throw new IllegalArgumentException("the scope '" + text + "': " + malformed.why());
        };
    }

    /** Every scalar is the text that it is: nothing here is a date, a number or a truth value. */
    private static Object yaml(String name, String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(0);
        Resolver textsOnly = new Resolver() {
            @Override
            protected void addImplicitResolvers() {}
        };
        Yaml yaml = new Yaml(
                new SafeConstructor(options),
                new Representer(new DumperOptions()),
                new DumperOptions(),
                options,
                textsOnly);
        try {
            return yaml.load(text);
        } catch (YAMLException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }
}
