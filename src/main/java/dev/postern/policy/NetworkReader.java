package dev.postern.policy;

import dev.postern.policy.NetworkRules.DefaultAction;
import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.policy.NetworkRules.OnTrial;
import dev.postern.policy.NetworkRules.PrivateAccess;
import dev.postern.policy.NetworkRules.PublicAccess;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code network} sections. */
final class NetworkReader {

    private static final String MATCHERS = "rules, each a map with one of " + MatcherReader.KINDS;
    private static final String SERVICES =
            "service ids: service-id:NAME or federated:NAME (of another account: KIND:ACCOUNT/NAME)";
    private static final String SERVICES_BY_ACCOUNT =
            "service ids, each with its account: service-id:ACCOUNT/NAME or federated:ACCOUNT/NAME";

    private final MatcherReader matchers;
    private final Problems problems;

    NetworkReader(MatcherReader matchers, Problems problems) {
        this.matchers = matchers;
        this.problems = problems;
    }

    /**
     * Whose section it is.
     *
     * @param account the account in which it stands; "" for the enterprise's
     * @param identity the identity whose own it is, where it is one's
     */
    record Owner(String account, Optional<Subject> identity) {
        static final Owner ENTERPRISE = new Owner("", Optional.empty());

        static Owner account(String name) {
            return new Owner(name, Optional.empty());
        }

        static Owner identity(Subject.Kind kind, String account, String name) {
            return new Owner(account, Optional.of(new Subject(kind, account, name)));
        }
    }

    /** The rules of a section. */
    NetworkRules read(YamlMap map, String file, Owner owner) {
        Enforcement enforcement = map.choice("enforcement", Enforcement.class, Enforcement.ENFORCE);
        PublicAccess publicAccess = map.choice("public-access", PublicAccess.class, PublicAccess.ENABLED);
        PrivateAccess privateAccess = map.choice("private-access", PrivateAccess.class, PrivateAccess.EVALUATE);
        Optional<Lists> allow = map.list("allow", MATCHERS).map(items -> rules(items, file));
        Lists deny = map.list("deny", MATCHERS).map(items -> rules(items, file)).orElse(Lists.EMPTY);
        DefaultAction unset = map.has("allow") ? DefaultAction.DENY : DefaultAction.ALLOW;
        DefaultAction fallback = map.choice("default", DefaultAction.class, unset);
        Map<Subject, Position> trustedServices = trustedServices(map, owner);
        List<Invariant> invariants = new InvariantReader(matchers, problems).read(map, file, owner);
        map.rejectUnknownKeys("a network section");
        if (fallback == DefaultAction.DENY && !problems.hasErrors()) {
            warnOfNobody(map, allow, trustedServices.isEmpty() ? "" : ", but for its trusted services");
        }
        if (fallback == DefaultAction.ALLOW && map.has("allow")) {
            problems.warning(
                    map.positionOf("default"),
                    "'default: allow' admits whoever is not denied: the 'allow' list decides nothing");
        }
        return new NetworkRules(
                enforcement,
                publicAccess,
                privateAccess,
                fallback,
                allow.map(Lists::enforced),
                deny.enforced(),
                new OnTrial(allow.map(Lists::onTrial).orElse(RuleList.EMPTY), deny.onTrial()),
                trustedServices,
                invariants,
                map.position());
    }

    private void warnOfNobody(YamlMap map, Optional<Lists> allow, String exception) {
        if (allow.isEmpty()) {
            problems.warning(
                    map.positionOf("default"),
                    "'default: deny' without an 'allow' list admits no public source at all" + exception);
        } else if (allow.get().enforced().rules().isEmpty()) {
            String list = allow.get().onTrial().rules().isEmpty()
                    ? "an empty 'allow' list"
                    : "an 'allow' list of rules that are all in report mode";
            problems.warning(map.positionOf("allow"), list + " admits no public source at all" + exception);
        }
    }

    /** The rules of a list that are enforced, and those that are being tried. */
    private record Lists(RuleList enforced, RuleList onTrial) {
        static final Lists EMPTY = new Lists(RuleList.EMPTY, RuleList.EMPTY);
    }

    private Lists rules(List<YamlMap.Item> items, String file) {
        List<Rule> enforced = new ArrayList<>(items.size());
        List<Rule> onTrial = new ArrayList<>();
        for (YamlMap.Item item : items) {
            YamlMap.of(item.node(), file, problems, "a rule")
                    .flatMap(this::rule)
                    .ifPresent(rule -> (rule.enforcement() == Rule.Enforcement.REPORT ? onTrial : enforced).add(rule));
        }
        return new Lists(new RuleList(enforced), onTrial.isEmpty() ? RuleList.EMPTY : new RuleList(onTrial));
    }

    private Optional<Rule> rule(YamlMap map) {
        Optional<Rule.Matcher> matcher = matchers.read(map, "a rule");
        Optional<Instant> from = map.instant("from");
        Optional<Instant> until = map.instant("until");
        Optional<String> note = map.text("note", "a remark");
        Rule.Enforcement enforcement = map.choice("enforcement", Rule.Enforcement.class, Rule.Enforcement.ENFORCE);
        map.rejectUnknownKeys("a rule");
        if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
            problems.error(
                    map.positionOf("until"),
                    "the rule ends (" + until.get() + ") before it begins (" + from.get() + ")");
        }
        return matcher.map(m -> new Rule(m, from, until, note, enforcement, map.position()));
    }

    private Map<Subject, Position> trustedServices(YamlMap map, Owner owner) {
        String form = owner.account().isEmpty() ? SERVICES_BY_ACCOUNT : SERVICES;
        Map<Subject, Position> services = new LinkedHashMap<>();
        for (YamlMap.ScalarItem item : map.texts("trusted-services", form)) {
            Optional<Subject> service = Subject.parse(item.text(), owner.account())
                    .filter(subject ->
                            subject.kind() == Subject.Kind.SERVICE_ID || subject.kind() == Subject.Kind.FEDERATED);
            if (service.isEmpty()) {
                problems.error(item.position(), "'" + YamlMap.shown(item.text()) + "' is not one of " + form);
            } else {
                services.putIfAbsent(service.get(), item.position());
            }
        }
        if (map.has("trusted-services") && owner.identity().isPresent()) {
            problems.error(
                    map.positionOf("trusted-services"),
                    "'trusted-services' is for an account's or the enterprise's rules:"
                            + " nobody else is held against an identity's own");
        }
        return services;
    }
}
