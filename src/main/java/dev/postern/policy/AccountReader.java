package dev.postern.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.Node;

/** Reads accounts: namespaces, network, identities, groups and bindings. */
final class AccountReader {

    private static final String TOKENS_NOT_BEFORE = "tokens-not-before";
    private static final Pattern DIGEST = Pattern.compile("sha-256:[0-9a-f]{64}");
    private static final String DIGEST_FORM =
            "'sha-256:' and 64 lower-case hexadecimal digits, as 'postern key create' prints it";
    private static final String SUBJECT_FORM =
            "service-id:NAME, user:NAME, federated:NAME, group:NAME (of another account: KIND:ACCOUNT/NAME),"
                    + " oidc-group:ISSUER/GROUP or anonymous";
    private static final Set<String> ACTIONS = new LinkedHashSet<>(List.of("pull", "push", "delete"));
    private static final int MOST_CLAIMS = 32;
    private static final int MOST_OF_A_CLAIMS_NAME = 256;

    private final NetworkReader networks;
    private final int maxBcryptCost;
    private final KnownEndpoints known;
    private final Problems problems;

    AccountReader(NetworkReader networks, KnownEndpoints known, int maxBcryptCost, Problems problems) {
        this.networks = networks;
        this.known = known;
        this.maxBcryptCost = maxBcryptCost;
        this.problems = problems;
    }

    /** The account, where it can be read. */
    Optional<Account> read(String name, Position position, Node node) {
        checkName(name, position, "an account");
        return YamlMap.of(node, position.file(), problems, "account '" + YamlMap.shown(name) + "'")
                .map(map -> read(name, position, map));
    }

    private Account read(String name, Position position, YamlMap map) {
        String file = position.file();
        NamespaceReader.Namespaces namespaces = new NamespaceReader(problems).read(map, file);
        Optional<NetworkRules> network = network(map, file, NetworkReader.Owner.account(name));
        Map<Subject, Instant> tokensNotBefore = new LinkedHashMap<>();
        Map<String, Account.ServiceId> serviceIds = new LinkedHashMap<>();
        each(map, "service-ids", "a service id", file, (id, item) -> {
            item.instant(TOKENS_NOT_BEFORE)
                    .ifPresent(at -> tokensNotBefore.put(new Subject(Subject.Kind.SERVICE_ID, name, id), at));
            serviceIds.put(id, serviceId(name, id, item, file));
        });
        Map<String, Account.User> users = new LinkedHashMap<>();
        each(map, "users", "a user", file, (id, item) -> {
            item.instant(TOKENS_NOT_BEFORE)
                    .ifPresent(at -> tokensNotBefore.put(new Subject(Subject.Kind.USER, name, id), at));
            user(name, id, item, file).ifPresent(user -> users.put(id, user));
        });
        Map<String, Account.Federated> federated = new LinkedHashMap<>();
        each(
                map,
                "federated",
                "an entry of federated callers",
                file,
                (id, item) -> federated(name, id, item, file).ifPresent(entry -> federated.put(id, entry)));
        Map<String, Set<Subject>> groups = groups(map, name);
        List<Binding> bindings = bindings(map, name, namespaces.names(), file);
        Optional<Instant> allTokensNotBefore = map.instant(TOKENS_NOT_BEFORE);
        map.rejectUnknownKeys("an account");
        return new Account(
                name,
                namespaces.names(),
                namespaces.publicOnes(),
                network,
                serviceIds,
                users,
                federated,
                groups,
                bindings,
                new TokensNotBefore(allTokensNotBefore, tokensNotBefore),
                position);
    }

    private Optional<NetworkRules> network(YamlMap map, String file, NetworkReader.Owner owner) {
        return map.map("network").map(section -> networks.read(section, file, owner));
    }

    /** What to do with each named entry of a map of maps. */
    private interface EntryReader {
        void read(String name, YamlMap entry);
    }

    private void each(YamlMap map, String key, String what, String file, EntryReader reader) {
        map.map(key)
                .ifPresent(entries -> entries.items().forEach((name, item) -> {
                    checkName(name, item.position(), what);
                    YamlMap.of(item.node(), file, problems, what + " '" + YamlMap.shown(name) + "'")
                            .ifPresent(entry -> reader.read(name, entry));
                }));
    }

    private Account.ServiceId serviceId(String account, String name, YamlMap map, String file) {
        List<Account.ApiKey> keys = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (YamlMap.Item item : map.list("api-keys", "API keys").orElse(List.of())) {
            YamlMap.of(item.node(), file, problems, "an API key").ifPresent(key -> {
                Optional<String> id = key.text("id", "the key's name");
                Optional<String> digest = key.text("digest", DIGEST_FORM);
                if (!key.has("id") || !key.has("digest")) {
                    problems.error(key.position(), "an API key has an 'id' and a 'digest'");
                }
                id.ifPresent(text -> {
                    checkName(text, key.positionOf("id"), "an API key");
                    if (!ids.add(text)) {
                        problems.error(key.positionOf("id"), "the API key '" + text + "' stands twice");
                    }
                });
                key.rejectUnknownKeys("an API key");
                if (digest.isPresent() && !DIGEST.matcher(digest.get()).matches()) {
                    // The value is not repeated: somebody may have put the key itself here.
                    problems.error(key.positionOf("digest"), "the digest is not in the expected form: " + DIGEST_FORM);
                } else if (id.isPresent() && digest.isPresent()) {
                    keys.add(new Account.ApiKey(id.get(), digest.get().substring("sha-256:".length())));
                }
            });
        }
        Optional<NetworkRules> network =
                network(map, file, NetworkReader.Owner.identity(Subject.Kind.SERVICE_ID, account, name));
        map.rejectUnknownKeys("a service id");
        return new Account.ServiceId(name, keys, network);
    }

    private Optional<Account.User> user(String account, String name, YamlMap map, String file) {
        if (Names.TOKEN_USERS.contains(name)) {
            problems.warning(
                    map.position(),
                    "a user cannot sign in as '" + name + "': with that name goes a token of an issuer");
        }
        String form = BcryptHash.FORM_TEXT + ", quoted";
        Optional<String> hash = map.text("password", form);
        if (!map.has("password")) {
            problems.error(map.position(), "user '" + YamlMap.shown(name) + "' has no 'password'; expected " + form);
        }
        Optional<NetworkRules> network =
                network(map, file, NetworkReader.Owner.identity(Subject.Kind.USER, account, name));
        map.rejectUnknownKeys("a user");
        if (hash.isEmpty()) {
            return Optional.empty();
        }
        int cost = BcryptHash.cost(hash.get());
        if (cost < BcryptHash.MIN_COST || cost > maxBcryptCost) {
            // The value is not repeated: somebody may have put the password itself here.
            problems.error(
                    map.positionOf("password"),
                    cost < 0
                            ? "the password is not in the expected form: " + form
                            : "the bcrypt cost is " + cost + "; expected " + BcryptHash.MIN_COST + " to "
                                    + maxBcryptCost);
            return Optional.empty();
        }
        return Optional.of(new Account.User(name, hash.get(), network));
    }

    private Optional<Account.Federated> federated(String account, String name, YamlMap map, String file) {
        Optional<String> issuer = map.text("issuer", "the name of an issuer in the settings (postern.oidc)");
        if (!map.has("issuer")) {
            problems.error(
                    map.position(), "federated callers have an 'issuer': its name in the settings (postern.oidc)");
        }
        issuer.ifPresent(text -> checkIssuer(text, map.positionOf("issuer")));
        Map<String, ClaimPattern> claims = new LinkedHashMap<>();
        Optional<YamlMap> declared = map.map("claims");
        declared.ifPresent(entries -> entries.items().keySet().forEach(claim -> {
            if (claim.isEmpty() || claim.length() > MOST_OF_A_CLAIMS_NAME) {
                problems.error(
                        entries.positionOf(claim), "a claim's name has 1 to " + MOST_OF_A_CLAIMS_NAME + " characters");
            }
            entries.text(claim, ClaimPattern.FORM).ifPresent(text -> {
                switch (ClaimPattern.parse(text)) {
                    case ClaimPattern.Good good -> claims.put(claim, good.pattern());
                    case ClaimPattern.Malformed malformed -> problems.error(entries.positionOf(claim), malformed.why());
                }
            });
        }));
        boolean none = declared.map(entries -> entries.items().isEmpty()).orElse(!map.has("claims"));
        if (none) {
            problems.error(
                    map.has("claims") ? map.positionOf("claims") : map.position(),
                    "federated callers have 'claims', one at least: else all of the issuer's would be the account's");
        } else if (claims.size() > MOST_CLAIMS) {
            problems.error(map.positionOf("claims"), "'claims' has at most " + MOST_CLAIMS + " claims");
        } else if (!claims.isEmpty() && claims.values().stream().allMatch(ClaimPattern::isForAnything)) {
            problems.warning(
                    map.positionOf("claims"),
                    "the claims name nobody in particular: everybody whom the issuer knows so is the account's own");
        }
        Optional<NetworkRules> network =
                network(map, file, NetworkReader.Owner.identity(Subject.Kind.FEDERATED, account, name));
        map.rejectUnknownKeys("an entry of federated callers");
        return issuer.map(text -> new Account.Federated(name, text, claims, network, map.position()));
    }

    private void checkIssuer(String issuer, Position position) {
        if (!known.issuers().contains(issuer)) {
            String hint = Similar.to(issuer, known.issuers())
                    .map(near -> "; did you mean '" + near + "'?")
                    .orElse(
                            known.issuers().isEmpty()
                                    ? "; they have none"
                                    : "; known are: " + String.join(", ", new TreeSet<>(known.issuers())));
            problems.error(
                    position,
                    "there is no issuer '" + YamlMap.shown(issuer) + "' in the settings (postern.oidc)" + hint);
        }
    }

    private Map<String, Set<Subject>> groups(YamlMap map, String account) {
        Map<String, Set<Subject>> groups = new LinkedHashMap<>();
        map.map("groups")
                .ifPresent(entries -> entries.items().forEach((name, item) -> {
                    checkName(name, item.position(), "a group");
                    Set<Subject> members = new LinkedHashSet<>();
                    for (YamlMap.ScalarItem member : entries.texts(name, "subjects: " + SUBJECT_FORM)) {
                        subject(member, account).ifPresent(subject -> {
                            switch (subject.kind()) {
                                case SERVICE_ID, USER, FEDERATED, OIDC_GROUP -> members.add(subject);
                                case GROUP, OIDC, ANONYMOUS ->
                                    problems.error(
                                            member.position(),
                                            "a group's members are users, service ids, federated callers and groups"
                                                    + " at issuers only");
                            }
                        });
                    }
                    groups.put(name, members);
                }));
        return groups;
    }

    private List<Binding> bindings(YamlMap map, String account, Set<String> namespaces, String file) {
        List<Binding> bindings = new ArrayList<>();
        for (YamlMap.Item item : map.list("bindings", "bindings").orElse(List.of())) {
            YamlMap.of(item.node(), file, problems, "a binding")
                    .flatMap(binding -> binding(binding, account, namespaces))
                    .ifPresent(bindings::add);
        }
        return bindings;
    }

    private Optional<Binding> binding(YamlMap map, String account, Set<String> namespaces) {
        Set<Subject> subjects = new LinkedHashSet<>();
        for (YamlMap.ScalarItem item : map.texts("subjects", "subjects: " + SUBJECT_FORM)) {
            subject(item, account).ifPresent(subjects::add);
        }
        Set<Role> roles = new LinkedHashSet<>();
        for (YamlMap.ScalarItem item : map.texts("roles", "roles: Reader, Writer, Manager")) {
            Role.of(item.text())
                    .ifPresentOrElse(
                            roles::add,
                            () -> problems.error(
                                    item.position(),
                                    "there is no role '" + YamlMap.shown(item.text())
                                            + "'; expected Reader, Writer or Manager"));
        }
        Set<String> denied = new LinkedHashSet<>();
        for (YamlMap.ScalarItem item : map.texts("deny", "actions: " + String.join(", ", ACTIONS))) {
            if (ACTIONS.contains(item.text())) {
                denied.add(item.text());
            } else {
                problems.error(
                        item.position(),
                        "'" + YamlMap.shown(item.text()) + "' is no action; expected " + String.join(", ", ACTIONS));
            }
        }
        boolean denies = map.has("deny");
        if (!map.has("subjects") || map.has("roles") == denies) {
            problems.error(
                    map.position(),
                    "a binding has 'subjects' and either 'roles', which it gives, or 'deny', the actions that it takes away");
        }
        Optional<String> region = map.text("region", "a region's name");
        Optional<String> namespace = map.text("namespace", "one of the account's namespaces");
        if (namespace.isPresent() && !namespaces.contains(namespace.get())) {
            problems.error(
                    map.positionOf("namespace"),
                    "'" + YamlMap.shown(namespace.get()) + "' is not one of the account's namespaces ("
                            + String.join(", ", namespaces) + ")");
        }
        RepositoryTemplate pattern = RepositoryTemplate.ANY;
        Optional<String> repository = map.text("repository", "a repository pattern");
        if (repository.isPresent()) {
            switch (RepositoryTemplate.parse(repository.get())) {
                case RepositoryTemplate.Parsed.Template parsed -> pattern = parsed.template();
                case RepositoryTemplate.Parsed.Malformed malformed ->
                    problems.error(map.positionOf("repository"), malformed.why());
            }
        }
        if (denies && pattern.hasPlaces()) {
            problems.error(
                    map.positionOf("repository"),
                    "a binding that denies has no templates: who lacks the value would escape it");
        }
        map.rejectUnknownKeys("a binding");
        return Optional.of(new Binding(subjects, roles, denied, region, namespace, pattern, map.position()));
    }

    private Optional<Subject> subject(YamlMap.ScalarItem item, String account) {
        Optional<Subject> subject =
                Subject.parse(item.text(), account).filter(parsed -> parsed.kind() != Subject.Kind.OIDC);
        subject.filter(parsed -> parsed.kind() == Subject.Kind.OIDC_GROUP)
                .ifPresent(group -> checkIssuer(group.account(), item.position()));
        if (subject.isEmpty()) {
            problems.error(
                    item.position(), "'" + YamlMap.shown(item.text()) + "' is not a subject; expected " + SUBJECT_FORM);
        }
        return subject;
    }

    private void checkName(String name, Position position, String what) {
        if (!Names.isName(name)) {
            problems.error(
                    position, "'" + YamlMap.shown(name) + "' is not the name of " + what + ": " + Names.NAME_FORM);
        }
    }
}
