package dev.postern.trial;

import dev.postern.address.Address;
import dev.postern.address.LinkId;
import dev.postern.decision.Reason;
import dev.postern.decision.Scope;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Position;
import dev.postern.policy.Problem;
import dev.postern.policy.Problems;
import dev.postern.policy.Subject;
import dev.postern.policy.YamlDocument;
import dev.postern.policy.YamlMap;
import dev.postern.source.Connection;
import dev.postern.source.Peer;
import dev.postern.source.ProxyHeader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads files of cases: all mistakes at once, each with its place. */
public final class TrialReader {

    private static final String SUBJECT_FORM =
            "service-id:ACCOUNT/NAME, user:ACCOUNT/NAME, federated:ACCOUNT/NAME or anonymous";
    private static final String ADDRESS_FORM = "an IPv4 or IPv6 address";

    private final Problems problems = new Problems();
    private final List<Trial> trials = new ArrayList<>();

    private TrialReader() {}

    /** What became of reading. */
    public sealed interface Result {}

    /** The cases, in order; at least one. */
    public record Cases(List<Trial> trials) implements Result {
        /** Keeps its own copy. */
        public Cases {
            trials = List.copyOf(trials);
        }
    }

    /** There are mistakes. */
    public record Mistaken(List<Problem> problems) implements Result {
        /** Keeps its own copy. */
        public Mistaken {
            problems = List.copyOf(problems);
        }
    }

    /** Reads a text of cases. */
    public static Result read(Document document) {
        TrialReader reader = new TrialReader();
        YamlDocument.read(document, reader.problems, "a document of cases", reader::cases);
        if (reader.trials.isEmpty() && !reader.problems.hasErrors()) {
            reader.problems.error(
                    new Position(document.name(), 1, 1),
                    "no cases; expected a key 'cases' with a list of at least one");
        }
        return reader.problems.hasErrors() ? new Mistaken(reader.problems.sorted()) : new Cases(reader.trials);
    }

    private void cases(YamlMap document) {
        for (YamlMap.Item item : document.list("cases", "cases").orElse(List.of())) {
            document.map(item, "a case").flatMap(this::trial).ifPresent(trials::add);
        }
        document.rejectUnknownKeys("a document of cases");
    }

    private Optional<Trial> trial(YamlMap map) {
        Optional<String> name = map.text("name", "what the case shows");
        if (!map.has("name")) {
            problems.error(map.position(), "a case has a 'name'");
        }
        Optional<Caller> caller = caller(map);
        Optional<Subject> subject = map.text("identity", SUBJECT_FORM).flatMap(text -> subject(text, map));
        if (!map.has("identity")) {
            problems.error(map.position(), "a case has an 'identity': " + SUBJECT_FORM);
        }
        List<Scope> scopes = new ArrayList<>();
        map.texts("scopes", "scopes: " + Scope.FORM).forEach(item -> scope(item).ifPresent(scopes::add));
        if (!map.has("scopes")) {
            problems.error(map.position(), "a case has 'scopes'; a login has an empty list");
        }
        var at = map.instant("at");
        Optional<Expected> expected = map.map("expect").flatMap(this::expected);
        if (!map.has("expect")) {
            problems.error(map.position(), "a case has an 'expect'");
        }
        map.rejectUnknownKeys("a case");
        if (name.isEmpty() || caller.isEmpty() || subject.isEmpty() || expected.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Trial(name.get(), map.position(), caller.get(), subject.get(), scopes, at, expected.get()));
    }

    private Optional<Caller> caller(YamlMap map) {
        if (map.has("ip") == map.has("peer")) {
            problems.error(
                    map.position(),
                    "a case has either 'ip', the caller behind all proxies, or 'peer', who connects to Postern");
            return Optional.empty();
        }
        if (map.has("ip")) {
            return address(map, "ip").map(Caller.At::new);
        }
        Optional<String> peer = map.text("peer", ADDRESS_FORM + ", or unix");
        List<YamlMap.ScalarItem> lines = map.texts("headers", "header lines, 'NAME: VALUE'");
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (YamlMap.ScalarItem line : lines) {
            int colon = line.text().indexOf(':');
            if (colon < 1) {
                problems.error(line.position(), "expected 'NAME: VALUE', found '" + YamlMap.shown(line.text()) + "'");
            } else {
                headers.computeIfAbsent(
                                line.text().substring(0, colon).toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                        .add(line.text().substring(colon + 1).strip());
            }
        }
        Optional<String> host = map.text("host", "the host name that was asked for");
        Optional<ProxyHeader> proxy = map.map("proxy").flatMap(this::proxy);
        if (peer.isEmpty()) {
            return Optional.empty();
        }
        Optional<Peer> from = peer.get().equals("unix")
                ? Optional.of(new Peer.Unix())
                : address(map, "peer").map(Peer.Ip::new);
        return from.map(known -> new Caller.Behind(new Connection(
                known,
                proxy,
                wanted -> headers.getOrDefault(wanted.toLowerCase(Locale.ROOT), List.of()),
                host,
                Optional.empty())));
    }

    private Optional<ProxyHeader> proxy(YamlMap map) {
        Optional<Address> address = address(map, "address");
        List<LinkId> links = new ArrayList<>();
        for (YamlMap.ScalarItem item : map.texts("links", LinkId.FORMS)) {
            LinkId.parse(item.text())
                    .ifPresentOrElse(
                            links::add,
                            () -> problems.error(
                                    item.position(),
                                    "'" + YamlMap.shown(item.text()) + "' is no link; expected " + LinkId.FORMS));
        }
        if (!map.has("address")) {
            problems.error(map.position(), "a PROXY header has an 'address'");
        }
        map.rejectUnknownKeys("a PROXY header");
        return address.map(known -> ProxyHeader.of(known, links));
    }

    private Optional<Address> address(YamlMap map, String key) {
        return map.text(key, ADDRESS_FORM).flatMap(text -> {
            Optional<Address> address = Address.parse(text);
            if (address.isEmpty()) {
                problems.error(
                        map.positionOf(key),
                        "'" + key + "' is '" + YamlMap.shown(text) + "'; expected " + ADDRESS_FORM);
            }
            return address;
        });
    }

    private Optional<Subject> subject(String text, YamlMap map) {
        Optional<Subject> subject =
                Subject.parse(text).filter(parsed -> parsed.kind().isCallerOfPolicy());
        if (subject.isEmpty()) {
            problems.error(
                    map.positionOf("identity"),
                    "'identity' is '" + YamlMap.shown(text) + "'; expected " + SUBJECT_FORM);
        }
        return subject;
    }

    private Optional<Scope> scope(YamlMap.ScalarItem item) {
        return switch (Scope.parse(item.text())) {
            case Scope.Parsed parsed -> Optional.of(parsed.scope());
            case Scope.Malformed malformed -> {
                problems.error(item.position(), "the scope '" + YamlMap.shown(item.text()) + "': " + malformed.why());
                yield Optional.empty();
            }
        };
    }

    private Optional<Expected> expected(YamlMap map) {
        Optional<Verdict> verdict = map.text("decision", words()).flatMap(text -> {
            Optional<Verdict> known = Stream.of(Verdict.values())
                    .filter(value -> value.word().equals(text))
                    .findFirst();
            if (known.isEmpty()) {
                problems.error(
                        map.positionOf("decision"), "'decision' is '" + YamlMap.shown(text) + "'; expected " + words());
            }
            return known;
        });
        if (!map.has("decision")) {
            problems.error(map.position(), "'expect' has a 'decision': " + words());
        }
        Optional<String> reason = map.text("reason", "a reason's name");
        reason.ifPresent(text -> {
            Set<String> reasons =
                    Stream.of(Reason.values()).map(Reason::wireName).collect(Collectors.toSet());
            if (!reasons.contains(text)) {
                problems.error(
                        map.positionOf("reason"),
                        "there is no reason '" + YamlMap.shown(text) + "'; there are "
                                + String.join(", ", reasons.stream().sorted().toList()));
            }
        });
        Optional<Map<String, List<String>>> granted = map.map("granted").map(this::granted);
        Expected expected = new Expected(
                verdict.orElse(Verdict.UNKNOWN),
                reason,
                granted,
                map.text("message", "what the caller reads"),
                map.text("finding", "the deciding ruleset, a colon, and what was found"),
                map.text("source", "public ADDRESS, private ADDRESS by ENDPOINT or unknown WHY"));
        map.rejectUnknownKeys("'expect'");
        return verdict.map(known -> expected);
    }

    private Map<String, List<String>> granted(YamlMap map) {
        Map<String, List<String>> granted = new LinkedHashMap<>();
        map.items()
                .forEach((text, item) -> scope(new YamlMap.ScalarItem(item.position(), text))
                        .ifPresent(scope -> granted.put(
                                scope.toString(),
                                map.texts(text, "actions").stream()
                                        .map(YamlMap.ScalarItem::text)
                                        .sorted()
                                        .toList())));
        return granted;
    }

    private static String words() {
        return Stream.of(Verdict.values()).map(Verdict::word).collect(Collectors.joining(", "));
    }
}
