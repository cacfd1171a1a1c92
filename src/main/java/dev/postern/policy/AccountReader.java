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
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.Node;

/** Reads accounts: namespaces, network, identities, groups and bindings. */
final class AccountReader {

    private static final String TOKENS_NOT_BEFORE = "tokens-not-before";
    private static final Pattern DIGEST = Pattern.compile("sha-256:[0-9a-f]{64}");
    private static final String DIGEST_FORM =
            "'sha-256:' and 64 lower-case hexadecimal digits, as 'postern key create' prints it";
    private static final String SUBJECT_FORM =
            "service-id:NAME, user:NAME, group:NAME (of another account: KIND:ACCOUNT/NAME) or anonymous";

    private final NetworkReader networks;
    private final int maxBcryptCost;
    private final Problems problems;

    AccountReader(NetworkReader networks, int maxBcryptCost, Problems problems) {
        this.networks = networks;
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

    private Map<String, Set<Subject>> groups(YamlMap map, String account) {
        Map<String, Set<Subject>> groups = new LinkedHashMap<>();
        map.map("groups")
                .ifPresent(entries -> entries.items().forEach((name, item) -> {
                    checkName(name, item.position(), "a group");
                    Set<Subject> members = new LinkedHashSet<>();
                    for (YamlMap.ScalarItem member : entries.texts(name, "subjects: " + SUBJECT_FORM)) {
                        subject(member, account).ifPresent(subject -> {
                            if (subject.kind() == Subject.Kind.GROUP || subject.kind() == Subject.Kind.ANONYMOUS) {
                                problems.error(member.position(), "a group's members are users and service ids only");
                            } else {
                                members.add(subject);
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
        if (!map.has("subjects") || !map.has("roles")) {
            problems.error(map.position(), "a binding has 'subjects' and 'roles'");
        }
        Optional<String> region = map.text("region", "a region's name");
        Optional<String> namespace = map.text("namespace", "one of the account's namespaces");
        if (namespace.isPresent() && !namespaces.contains(namespace.get())) {
            problems.error(
                    map.positionOf("namespace"),
                    "'" + YamlMap.shown(namespace.get()) + "' is not one of the account's namespaces ("
                            + String.join(", ", namespaces) + ")");
        }
        RepositoryPattern pattern = RepositoryPattern.ANY;
        Optional<String> repository = map.text("repository", "a repository pattern");
        if (repository.isPresent()) {
            switch (RepositoryPattern.parse(repository.get())) {
                case RepositoryPattern.Parsed.Pattern parsed -> pattern = parsed.pattern();
                case RepositoryPattern.Parsed.Malformed malformed ->
                    problems.error(map.positionOf("repository"), malformed.why());
            }
        }
        map.rejectUnknownKeys("a binding");
        return Optional.of(new Binding(subjects, roles, region, namespace, pattern, map.position()));
    }

    private Optional<Subject> subject(YamlMap.ScalarItem item, String account) {
        Optional<Subject> subject = Subject.parse(item.text(), account);
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
