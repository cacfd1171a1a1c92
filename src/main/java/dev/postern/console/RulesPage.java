package dev.postern.console;

import dev.postern.address.Address;
import dev.postern.audit.RuleUse;
import dev.postern.policy.NetworkRules;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Policy;
import dev.postern.policy.Rule;
import dev.postern.policy.load.PolicyStore;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The page <em>rules</em>: each with its use, a page of them at a time, for there may be a million. */
final class RulesPage {

    /** So many rules at a time. */
    static final int MOST = 200;

    private static final int MOST_SECTIONS = 50;

    private final PolicyStore policies;
    private final RuleUse uses;
    private final InstantSource clock;

    RulesPage(PolicyStore policies, RuleUse uses, InstantSource clock) {
        this.policies = policies;
        this.uses = uses;
        this.clock = clock;
    }

    /** Which rules are shown. */
    private enum Show {
        ALL("all"),
        UNUSED("never used"),
        EXPIRED("expired"),
        TIMED("with an end"),
        ON_TRIAL("in report mode");

        private final String text;

        Show(String text) {
            this.text = text;
        }

        String value() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Show of(String value) {
            for (Show show : values()) {
                if (show.value().equals(value)) {
                    return show;
                }
            }
            return ALL;
        }
    }

    /** What is looked for. */
    private record Wanted(Policy policy, String text, Optional<Address> address, String in, Show show, Instant now) {

        boolean section(NetworkSection section) {
            return in.isEmpty() || section.ruleset().equals(in);
        }

        boolean rule(RuleUse.Entry entry) {
            Rule rule = entry.rule();
            boolean isShown = switch (show) {
                case ALL -> true;
                case UNUSED -> entry.lastUse().isEmpty();
                case EXPIRED -> isExpired(rule, now);
                case TIMED -> rule.until().isPresent();
                case ON_TRIAL -> rule.enforcement() == Rule.Enforcement.REPORT;
            };
            return isShown
                    && (text.isEmpty() || address.map(at -> holds(rule, at)).orElseGet(() -> says(entry)));
        }

        private boolean holds(Rule rule, Address at) {
            return switch (rule.matcher()) {
                case Rule.AddressMatcher matcher -> matcher.range().contains(at);
                case Rule.ZoneMatcher matcher ->
                    policy.zone(matcher.zone()).map(zone -> zone.contains(at)).orElse(false);
                case Rule.OriginatorMatcher matcher -> matcher.range().contains(at);
                case Rule.EndpointMatcher matcher -> false;
                case Rule.LinkMatcher matcher -> false;
            };
        }

        /** To write a block as text takes long, and there may be a million: of those, the first address is looked at. */
        private boolean says(RuleUse.Entry entry) {
            Rule rule = entry.rule();
            String matcher = switch (rule.matcher()) {
                case Rule.AddressMatcher known -> known.range().first().toString();
                case Rule.OriginatorMatcher known -> known.range().first() + " " + known.via();
                case Rule.ZoneMatcher known -> known.toString();
                case Rule.EndpointMatcher known -> known.toString();
                case Rule.LinkMatcher known -> known.toString();
            };
            return has(matcher)
                    || rule.note().map(this::has).orElse(false)
                    || has(entry.ruleset())
                    || has(rule.position().file());
        }

        private boolean has(String said) {
            return said.toLowerCase(Locale.ROOT).contains(text);
        }
    }

    RulesView view(Ask ask) {
        String text = ask.field("q");
        String in = ask.field("in");
        Show show = Show.of(ask.field("show"));
        int offset = ask.number("from", 0);
        Optional<Policy> policy = policies.state().inForce();
        Instant now = clock.instant();
        List<RuleUse.Entry> shown = new ArrayList<>();
        List<NetworkSection> sections = List.of();
        int[] matching = new int[1];
        if (policy.isPresent()) {
            sections = NetworkSection.of(policy.get()).toList();
            Wanted wanted = new Wanted(policy.get(), text.toLowerCase(Locale.ROOT), Address.parse(text), in, show, now);
            for (NetworkSection section : sections) {
                if (wanted.section(section)) {
                    uses.each(section.ruleset(), entry -> {
                        if (wanted.rule(entry)) {
                            matching[0]++;
                            if (matching[0] > offset && shown.size() < MOST) {
                                shown.add(entry);
                            }
                        }
                    });
                }
            }
        }
        String query = "q=" + encoded(text) + "&in=" + encoded(in) + "&show=" + show.value() + "&from=";
        return new RulesView(
                Texts.shown(text),
                Texts.shown(in),
                show.value(),
                choices(show),
                sections.stream()
                        .filter(section -> in.isEmpty() || section.ruleset().equals(in))
                        .limit(MOST_SECTIONS)
                        .map(RulesPage::section)
                        .toList(),
                in.isEmpty() ? Math.max(0, sections.size() - MOST_SECTIONS) : 0,
                shown.stream().map(entry -> row(entry, now)).toList(),
                Texts.number(shown.isEmpty() ? 0 : offset + 1),
                Texts.number(offset + shown.size()),
                Texts.number(matching[0]),
                offset > 0 ? query + Math.max(0, offset - MOST) : "",
                matching[0] > offset + MOST ? query + (offset + MOST) : "");
    }

    private static List<RulesView.Choice> choices(Show chosen) {
        List<RulesView.Choice> choices = new ArrayList<>();
        for (Show show : Show.values()) {
            choices.add(new RulesView.Choice(show.value(), show.text, show == chosen));
        }
        return choices;
    }

    private static RulesView.Section section(NetworkSection section) {
        NetworkRules rules = section.rules();
        return new RulesView.Section(
                Texts.shown(section.ruleset()),
                "in=" + encoded(section.ruleset()),
                word(rules.enforcement()),
                word(rules.publicAccess()),
                word(rules.privateAccess()),
                word(rules.fallback()),
                Texts.number(rules.ruleCount()),
                Texts.shown(rules.position().toString()));
    }

    private static RulesView.Row row(RuleUse.Entry entry, Instant now) {
        Rule rule = entry.rule();
        return new RulesView.Row(
                Texts.shown(entry.ruleset()),
                entry.denies() ? "deny" : "allow",
                Texts.shown(rule.text()),
                rule.note().map(Texts::shown).orElse(""),
                state(rule, now),
                tone(rule, now),
                Texts.number(entry.hits()),
                Texts.number(entry.reported()),
                entry.lastUse()
                        .map(Texts::dateAndTime)
                        .orElseGet(() -> "not since " + Texts.dateAndTime(entry.since())),
                Texts.shown(rule.position().toString()));
    }

    private static String state(Rule rule, Instant now) {
        String trial = rule.enforcement() == Rule.Enforcement.REPORT ? "in report mode, " : "";
        if (isExpired(rule, now)) {
            return trial + "ended " + rule.until().map(Texts::dateAndTime).orElse("");
        }
        if (!rule.isInForce(now)) {
            return trial + "begins " + rule.from().map(Texts::dateAndTime).orElse("");
        }
        return trial
                + rule.until().map(end -> "until " + Texts.dateAndTime(end)).orElse("in force");
    }

    private static String tone(Rule rule, Instant now) {
        return isExpired(rule, now) ? "bad" : rule.enforcement() == Rule.Enforcement.REPORT ? "note" : "plain";
    }

    private static boolean isExpired(Rule rule, Instant now) {
        return rule.until().map(end -> !now.isBefore(end)).orElse(false);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
