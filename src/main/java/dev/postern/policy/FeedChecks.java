package dev.postern.policy;

import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.Feeds.Missing;
import dev.postern.feed.Feeds.Tolerance;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What is to be said of feeds that have never been had. In an allow list, a zone without its feed lets in fewer than are
 * meant; that can be borne, where there is no better policy to stay with. In a deny list it would let in whom it should
 * keep out: such a policy is never taken.
 */
final class FeedChecks {

    /** A feed that has never been had, and the zone that is to follow it. */
    record Lack(Draft.DeclaredZone zone, FeedDeclaration feed, Missing missing) {
        private String text() {
            return "the feed of zone '" + zone.name() + "' (" + feed.text() + ") has never been had: " + missing.why();
        }
    }

    private FeedChecks() {}

    /**
     * Reports what is missing.
     *
     * @param lacks by zone, for each what it lacks by itself or by the zones in it
     */
    static void run(Map<String, List<Lack>> lacks, Stream<NetworkSection> sections, Problems problems) {
        if (lacks.isEmpty()) {
            return;
        }
        lacks.values().stream().flatMap(List::stream).distinct().forEach(lack -> {
            if (lack.missing().tolerance() == Tolerance.NOWHERE) {
                problems.error(lack.zone().position(), lack.text());
            } else {
                problems.warning(lack.zone().position(), lack.text() + "; until it is, it matches nobody");
            }
        });
        sections.flatMap(section -> section.rules().deny().rules().stream()).forEach(rule -> {
            if (rule.matcher() instanceof Rule.ZoneMatcher matcher) {
                lacks.getOrDefault(matcher.zone(), List.of()).stream()
                        .filter(lack -> lack.missing().tolerance() == Tolerance.IN_ALLOW_LISTS)
                        .forEach(lack -> problems.error(
                                rule.position(), "a deny rule cannot do without its addresses: " + lack.text()));
            }
        });
    }
}
