package dev.postern.decision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A policy with random network rules, and what it means, worked out rule by rule: no tables, no merging, no order.
 *
 * <p>All addresses are of two small spaces, so that rules meet: 203.0.113.0 to .63 and 2001:db8:: to ::3f.
 */
record NaiveNetwork(
        List<Zone> zones,
        Optional<Section> enterprise,
        Section own,
        Section bot,
        Section other,
        boolean publicNamespace) {

    static final List<String> ENDPOINTS = List.of("us-south", "eu-de");
    static final List<String> LINKS = List.of("azure:1", "azure:2", "gcp:3");

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final int SPACE = 64;

    /** Someone who asks: by an endpoint where there is one, by its link where there is one. */
    record Caller(
            boolean six,
            int host,
            Optional<String> endpoint,
            Optional<String> link,
            Optional<String> scope,
            Instant at) {

        static Caller random(Random random) {
            boolean isPrivate = random.nextInt(3) == 0;
            boolean linked = isPrivate && random.nextBoolean();
            return new Caller(
                    random.nextInt(4) == 0,
                    random.nextInt(SPACE),
                    isPrivate ? Optional.of(ENDPOINTS.get(random.nextInt(2))) : Optional.empty(),
                    linked ? Optional.of(LINKS.get(random.nextInt(3))) : Optional.empty(),
                    switch (random.nextInt(4)) {
                        case 0 -> Optional.of("repository:other/app:pull");
                        case 1 -> Optional.of("repository:own/app:pull");
                        case 2 -> Optional.of("repository:other/app:push");
                        default -> Optional.empty();
                    },
                    NOW.plusSeconds(random.nextInt(7) - 3L));
        }

        String address() {
            return text(six, host);
        }
    }

    /** A run of addresses of one family, both ends included. */
    record Run(boolean six, int first, int last) {
        static Run random(Random random) {
            boolean six = random.nextInt(4) == 0;
            int first = random.nextInt(SPACE);
            if (random.nextBoolean()) {
                int size = 1 << random.nextInt(5);
                return new Run(six, first / size * size, first / size * size + size - 1);
            }
            return new Run(six, first, first + random.nextInt(SPACE - first));
        }

        boolean holds(boolean ofSix, int host) {
            return ofSix == six && first <= host && host <= last;
        }

        String yaml() {
            int size = last - first + 1;
            boolean block = Integer.bitCount(size) == 1 && first % size == 0;
            String start = text(six, first);
            if (first == last) {
                return '"' + start + '"';
            }
            return block
                    ? "\"" + start + "/" + ((six ? 128 : 32) - Integer.numberOfTrailingZeros(size)) + "\""
                    : "\"" + start + "-" + text(six, last) + "\"";
        }
    }

    /** A zone: its members are zones before it. */
    record Zone(List<Run> addresses, List<Integer> zones, List<Run> except) {
        static Zone random(Random random, int before) {
            List<Integer> zones = new ArrayList<>();
            if (before > 0 && random.nextInt(3) == 0) {
                zones.add(random.nextInt(before));
            }
            return new Zone(runs(random, 3), zones, runs(random, 2));
        }

        boolean holds(List<Zone> all, boolean six, int host) {
            boolean in = addresses.stream().anyMatch(run -> run.holds(six, host))
                    || zones.stream().anyMatch(zone -> all.get(zone).holds(all, six, host));
            return in && except.stream().noneMatch(run -> run.holds(six, host));
        }

        String yaml() {
            return "{ addresses: " + list(addresses.stream().map(Run::yaml).toList()) + ", zones: "
                    + list(zones.stream().map(zone -> "z" + zone).toList()) + ", except: "
                    + list(except.stream().map(Run::yaml).toList()) + " }";
        }
    }

    /** A rule: its kind says which of the fields count. */
    record Rule(
            int kind,
            Run run,
            int zone,
            String endpoint,
            String link,
            Optional<Instant> from,
            Optional<Instant> until,
            boolean report) {

        static Rule random(Random random, int zones) {
            Optional<Instant> from =
                    random.nextInt(5) == 0 ? Optional.of(NOW.plusSeconds(random.nextInt(5) - 2L)) : Optional.empty();
            Optional<Instant> until = random.nextInt(5) == 0
                    ? Optional.of(from.orElse(NOW.minusSeconds(3)).plusSeconds(1L + random.nextInt(4)))
                    : Optional.empty();
            return new Rule(
                    random.nextInt(10),
                    Run.random(random),
                    random.nextInt(zones),
                    ENDPOINTS.get(random.nextInt(2)),
                    LINKS.get(random.nextInt(3)),
                    from,
                    until,
                    random.nextInt(6) == 0);
        }

        boolean matches(List<Zone> zones, Caller caller) {
            boolean inForce = from.map(start -> !caller.at().isBefore(start)).orElse(true)
                    && until.map(end -> caller.at().isBefore(end)).orElse(true);
            // The originator behind a link is of another address space.
            boolean ofOurSpace = caller.link().isEmpty();
            return !report
                    && inForce
                    && switch (kind) {
                        case 0 -> caller.endpoint().equals(Optional.of(endpoint));
                        case 1 -> caller.link().equals(Optional.of(link));
                        case 2 -> caller.link().equals(Optional.of(link)) && run.holds(caller.six(), caller.host());
                        case 3 ->
                            caller.link().isPresent()
                                    && caller.endpoint().equals(Optional.of(endpoint))
                                    && run.holds(caller.six(), caller.host());
                        case 4, 5, 6 -> ofOurSpace && zones.get(zone).holds(zones, caller.six(), caller.host());
                        default -> ofOurSpace && run.holds(caller.six(), caller.host());
                    };
        }

        String yaml() {
            String matcher = switch (kind) {
                case 0 -> "private-endpoint: " + endpoint;
                case 1 -> "link: \"" + link + "\"";
                case 2 -> "originator: " + run.yaml() + ", via: \"" + link + "\"";
                case 3 -> "originator: " + run.yaml() + ", via: " + endpoint;
                case 4, 5, 6 -> "zone: z" + zone;
                default -> "address: " + run.yaml();
            };
            return "{ " + matcher + from.map(i -> ", from: " + i).orElse("")
                    + until.map(i -> ", until: " + i).orElse("") + (report ? ", enforcement: report" : "") + " }";
        }
    }

    /** A network section. */
    record Section(
            String enforcement,
            boolean publicDisabled,
            String privateAccess,
            Optional<String> fallback,
            Optional<List<Rule>> allow,
            List<Rule> deny,
            boolean trustsBot) {

        static Section random(Random random, int zones, boolean mayTrust) {
            return new Section(
                    random.nextInt(6) == 0 ? "report" : random.nextInt(8) == 0 ? "off" : "enforce",
                    random.nextInt(8) == 0,
                    random.nextInt(6) == 0 ? "trust" : random.nextInt(6) == 0 ? "disabled" : "evaluate",
                    random.nextInt(4) == 0 ? Optional.of(random.nextBoolean() ? "allow" : "deny") : Optional.empty(),
                    random.nextInt(4) == 0 ? Optional.empty() : Optional.of(rules(random, zones, 8)),
                    rules(random, zones, 3),
                    mayTrust && random.nextInt(10) == 0);
        }

        /** "" where it admits, or the reason. */
        String judge(List<Zone> zones, Caller caller, boolean publicPull) {
            return trustsBot && !publicPull ? "" : judgeNobody(zones, caller, publicPull);
        }

        /** The same for who is no trusted service. */
        String judgeNobody(List<Zone> zones, Caller caller, boolean publicPull) {
            if (!enforcement.equals("enforce")) {
                return "";
            }
            if (caller.endpoint().isEmpty() && publicDisabled) {
                return "public-access-disabled";
            }
            if (caller.endpoint().isPresent() && privateAccess.equals("disabled")) {
                return "private-access-disabled";
            }
            if (caller.endpoint().isPresent() && privateAccess.equals("trust")) {
                return "";
            }
            if (deny.stream().anyMatch(rule -> rule.matches(zones, caller))) {
                return "address-denied";
            }
            if (publicPull || allow.orElse(List.of()).stream().anyMatch(rule -> rule.matches(zones, caller))) {
                return "";
            }
            boolean denies = fallback.map("deny"::equals).orElse(allow.isPresent());
            return denies ? "address-not-listed" : "";
        }

        String yaml() {
            return "{ enforcement: " + enforcement + ", public-access: " + (publicDisabled ? "disabled" : "enabled")
                    + ", private-access: " + privateAccess
                    + fallback.map(word -> ", default: " + word).orElse("")
                    + allow.map(rules -> ", allow: "
                                    + list(rules.stream().map(Rule::yaml).toList()))
                            .orElse("")
                    + ", deny: " + list(deny.stream().map(Rule::yaml).toList())
                    + (trustsBot ? ", trusted-services: [\"service-id:own/bot\"]" : "") + " }";
        }
    }

    static NaiveNetwork random(Random random) {
        List<Zone> zones = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            zones.add(Zone.random(random, i));
        }
        return new NaiveNetwork(
                zones,
                random.nextInt(3) == 0 ? Optional.of(Section.random(random, 4, true)) : Optional.empty(),
                Section.random(random, 4, true),
                Section.random(random, 4, false),
                Section.random(random, 4, true),
                random.nextInt(3) == 0);
    }

    /** {@code granted}, or the reason of the refusal. */
    String decide(Caller caller) {
        String ceiling =
                enterprise.map(section -> section.judge(zones, caller, false)).orElse("");
        if (!ceiling.isEmpty()) {
            return ceiling;
        }
        String callers = own.judge(zones, caller, false);
        callers = callers.isEmpty() ? bot.judge(zones, caller, false) : callers;
        boolean publicPull = publicNamespace && caller.scope().equals(Optional.of("repository:other/app:pull"));
        // What its own side refuses, the caller could have by leaving its credentials out, if anybody could.
        boolean couldHaveIt = callers.isEmpty()
                || enterprise
                        .map(section -> section.judgeNobody(zones, caller, false))
                        .orElse("")
                        .isEmpty();
        if (publicPull && couldHaveIt && other.judge(zones, caller, true).isEmpty()) {
            return "granted";
        }
        if (!callers.isEmpty()) {
            return callers;
        }
        boolean asksOther =
                caller.scope().map(scope -> scope.contains("other/")).orElse(false);
        String reason = asksOther ? other.judge(zones, caller, false) : "";
        return reason.isEmpty() ? "granted" : reason;
    }

    String yaml() {
        StringBuilder yaml = new StringBuilder("zones:\n");
        for (int i = 0; i < zones.size(); i++) {
            yaml.append("  z")
                    .append(i)
                    .append(": ")
                    .append(zones.get(i).yaml())
                    .append('\n');
        }
        enterprise.ifPresent(section ->
                yaml.append("enterprise: { network: ").append(section.yaml()).append(" }\n"));
        yaml.append("accounts:\n  own:\n    namespaces: [own]\n    network: ")
                .append(own.yaml())
                .append("\n    service-ids: { bot: { network: ")
                .append(bot.yaml())
                .append(" } }\n    bindings: [{ subjects: [service-id:bot], roles: [Writer] }]\n")
                .append("  other:\n    namespaces: [{ name: other, public: ")
                .append(publicNamespace)
                .append(" }]\n    network: ")
                .append(other.yaml())
                .append("\n    bindings: [{ subjects: [\"service-id:own/bot\"], roles: [Writer] }")
                .append(publicNamespace ? ", { subjects: [anonymous], roles: [Reader] }" : "")
                .append("]\n");
        return yaml.toString();
    }

    private static List<Run> runs(Random random, int most) {
        List<Run> runs = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            runs.add(Run.random(random));
        }
        return runs;
    }

    private static List<Rule> rules(Random random, int zones, int most) {
        List<Rule> rules = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            rules.add(Rule.random(random, zones));
        }
        return rules;
    }

    private static String list(List<String> items) {
        return "[" + String.join(", ", items) + "]";
    }

    private static String text(boolean six, int host) {
        return six ? "2001:db8::" + Integer.toHexString(host) : "203.0.113." + host;
    }
}
