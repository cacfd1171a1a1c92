package dev.postern.policy.importing;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads docker_auth's list: a whole configuration with {@code acl} and {@code users}, or the list by itself. */
final class AclReader {

    /** From anywhere. */
    static final AddressSet EVERYWHERE = AddressSet.of(
            List.of(parsed("0.0.0.0/0").orElseThrow(), parsed("::/0").orElseThrow()));

    private static final int MAX_ENTRIES = 2_000;

    /** Where else docker_auth may look for what an account may do, once the list says nothing. */
    private static final List<String> OTHER_AUTHORIZERS =
            List.of("acl_mongo", "acl_xorm", "ext_authz", "plugin_authz", "casbin_authz");

    private final Findings findings;

    AclReader(Findings findings) {
        this.findings = findings;
    }

    /**
     * What was read.
     *
     * @param passwords the bcrypt hash of each user of the file that has one; empty where the file has no users
     */
    record Acl(List<AclEntry> entries, Optional<Map<String, Optional<String>>> passwords) {
        Acl {
            entries = List.copyOf(entries);
        }

        /** Leaves the hashes out. */
        @Override
        public String toString() {
            return "Acl[" + entries.size() + "]";
        }
    }

    Acl read(Value root) {
        switch (root) {
            case Value.Items list -> {
                return new Acl(entries(list.values()), Optional.empty());
            }
            case Value.Fields fields -> {
                FieldReader configuration = new FieldReader(fields, findings);
                if (configuration.value("acl").isEmpty()) {
                    findings.error(root.at(), "no 'acl'; expected docker_auth's configuration, or its list of entries");
                }
                for (String other : OTHER_AUTHORIZERS) {
                    configuration
                            .value(other)
                            .ifPresent(value -> findings.warning(
                                    value.at(), "what '" + other + "' allows is not in the file; left out"));
                }
                return new Acl(
                        entries(configuration.items("acl")),
                        configuration.map("users").map(this::passwords));
            }
            default -> {
                findings.error(
                        root.at(),
                        "found " + root.kind() + "; expected docker_auth's configuration, or its list of entries");
                return new Acl(List.of(), Optional.empty());
            }
        }
    }

    private Map<String, Optional<String>> passwords(FieldReader users) {
        Map<String, Optional<String>> passwords = new LinkedHashMap<>();
        users.fields().entries().forEach((name, value) -> {
            Optional<String> hash = value instanceof Value.Fields user
                    ? new FieldReader(user, findings).text("password").map(Value.Text::text)
                    : Optional.empty();
            passwords.put(name, hash);
        });
        return passwords;
    }

    private List<AclEntry> entries(List<Value> items) {
        if (items.size() > MAX_ENTRIES) {
            findings.error(items.get(MAX_ENTRIES).at(), "more than " + MAX_ENTRIES + " entries");
            return List.of();
        }
        List<AclEntry> entries = new ArrayList<>();
        for (Value item : items) {
            if (item instanceof Value.Fields fields) {
                entries.add(entry(entries.size() + 1, new FieldReader(fields, findings)));
            } else {
                findings.error(item.at(), "found " + item.kind() + "; expected an entry with 'match' and 'actions'");
            }
        }
        return entries;
    }

    private AclEntry entry(int number, FieldReader entry) {
        Value at = entry.fields();
        Optional<FieldReader> match = entry.map("match");
        if (match.isEmpty()) {
            findings.error(at.at(), "an entry without 'match' (one that matches everything is written {})");
        }
        if (entry.value("actions").isEmpty()) {
            findings.error(at.at(), "an entry without 'actions' (one that allows nothing is written [])");
        }
        Set<String> actions = new TreeSet<>();
        List<Value> items = entry.items("actions");
        for (Value item : items) {
            if (item instanceof Value.Text text) {
                actions.add(text.text());
            } else {
                findings.error(item.at(), "found " + item.kind() + "; expected an action");
            }
        }
        Optional<String> comment = entry.text("comment").map(Value.Text::text).filter(text -> !text.isBlank());
        entry.unknown().forEach(key -> findings.error(at.at(), "unknown key " + Findings.shown(key) + " in an entry"));
        boolean everything = items.size() == 1 && actions.equals(Set.of("*"));
        return new AclEntry(
                number,
                at.at(),
                match.flatMap(it -> condition(it, "account")),
                match.flatMap(it -> condition(it, "type")),
                match.flatMap(it -> condition(it, "name")),
                match.map(this::from).orElse(EVERYWHERE),
                match.flatMap(this::unsayable),
                new AclActions(everything, everything ? Set.of() : actions),
                comment);
    }

    /** A condition with nothing after it is none to docker_auth, and hardly what its author meant. */
    private Optional<String> condition(FieldReader match, String key) {
        if (match.has(key) && match.value(key).isEmpty()) {
            findings.error(
                    match.fields().at(),
                    "'" + key
                            + "' has no value, which matches everything; write \"\" for the empty text, or leave it out");
        }
        Optional<String> pattern = match.text(key).map(Value.Text::text);
        pattern.ifPresent(text -> {
            if (PatternReader.read(text.replaceAll("\\$\\{[^}]*}", "x")) instanceof PatternReader.Malformed malformed) {
                findings.error(match.fields().at(), Findings.shown(text) + " is no pattern: " + malformed.why());
            }
        });
        return pattern;
    }

    private AddressSet from(FieldReader match) {
        if (condition(match, "ip").isEmpty()) {
            return EVERYWHERE;
        }
        Value.Text ip = match.text("ip").orElseThrow();
        Optional<AddressRange> range = parsed(ip.text());
        if (range.isEmpty()) {
            findings.error(ip.at(), Findings.shown(ip.text()) + " is no address and no CIDR block");
        }
        return range.map(it -> AddressSet.of(List.of(it))).orElse(EVERYWHERE);
    }

    /** As Go reads it: host bits below the prefix say nothing. */
    private static Optional<AddressRange> parsed(String text) {
        int slash = text.indexOf('/');
        Optional<Address> address = Address.parse(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        if (slash < 0) {
            return address.map(AddressRange::of);
        }
        String prefix = text.substring(slash + 1);
        // A mapped block has a prefix of 128 bits, which is not that of the IPv4 address that it is.
        boolean mapped = text.indexOf(':') >= 0 && address.get().family() == Address.Family.IPV4;
        if (mapped || !prefix.matches("0|[1-9][0-9]{0,2}")) {
            return Optional.empty();
        }
        int length = Integer.parseInt(prefix);
        return length > address.get().family().bits()
                ? Optional.empty()
                : address.map(it -> AddressRange.block(it, length));
    }

    private Optional<String> unsayable(FieldReader match) {
        for (String key : List.of("service", "labels", "email", "team")) {
            if (match.has(key)) {
                return Optional.of("'" + key + "'");
            }
        }
        for (String key : match.fields().entries().keySet()) {
            if (!Set.of("account", "type", "name", "ip").contains(key)) {
                return Optional.of("a condition that is not known, " + Findings.shown(key));
            }
        }
        return Optional.empty();
    }
}
