package dev.postern.policy.suggesting;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.LinkId;
import dev.postern.policy.Rule;
import dev.postern.policy.writing.AllowListText;
import dev.postern.policy.writing.RuleText;
import dev.postern.source.Source;
import dev.postern.source.Source.Linked;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.Translated;
import dev.postern.source.Source.UnknownSource;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Makes allow lists of sightings. */
public final class Suggestions {

    private final CoverLimits limits;

    private Suggestions(CoverLimits limits) {
        this.limits = limits;
    }

    /** What became of it. */
    public sealed interface Outcome {}

    /** A list for each section. */
    public record Suggested(List<AllowListText> lists) implements Outcome {
        /** Keeps its own copy. */
        public Suggested {
            lists = List.copyOf(lists);
        }
    }

    /** A cover within the limits is not possible; {@code why} says where, and how many blocks it takes. */
    public record Impossible(String why) implements Outcome {}

    /** The limits leave no cover. */
    private static final class NoCover extends Exception {
        private static final long serialVersionUID = 1L;

        NoCover(String why) {
            super(why, null, false, false);
        }
    }

    /** The smallest lists that admit all that was seen. */
    public static Outcome of(Sightings sightings, CoverLimits limits) {
        List<AllowListText> lists = new ArrayList<>();
        for (Map.Entry<Section, Map<Source, Tally>> entry :
                sightings.bySection().entrySet()) {
            Section section = entry.getKey();
            try {
                List<RuleText> rules = new Suggestions(limits).rules(entry.getValue());
                lists.add(new AllowListText(section.account(), section.identity(), rules));
            } catch (NoCover e) {
                return new Impossible(section + ": " + e.getMessage());
            }
        }
        return new Suggested(lists);
    }

    /** What came by one endpoint. */
    private static final class ByEndpoint {
        private final SortedMap<Address, Tally> translated = new TreeMap<>();
        private final SortedMap<String, ByLink> links = new TreeMap<>();
    }

    /** What came by one link. */
    private static final class ByLink {
        private final LinkId id;
        private final SortedMap<Address, Tally> originators = new TreeMap<>();
        private Optional<Tally> withoutOriginator = Optional.empty();

        ByLink(LinkId id) {
            this.id = id;
        }
    }

    private List<RuleText> rules(Map<Source, Tally> seen) throws NoCover {
        SortedMap<Address, Tally> addresses = new TreeMap<>();
        SortedMap<String, ByEndpoint> endpoints = new TreeMap<>();
        seen.forEach((source, tally) -> {
            switch (source) {
                case PublicSource known -> addresses.put(known.address(), tally);
                case PrivateSource known ->
                    add(endpoints.computeIfAbsent(known.endpoint(), name -> new ByEndpoint()), known, tally);
                case UnknownSource unknown -> throw new IllegalStateException("unknown sources are not kept");
            }
        });
        List<RuleText> rules = new ArrayList<>(blocks(addresses, Rule.AddressMatcher::new, ""));
        for (Map.Entry<String, ByEndpoint> entry : endpoints.entrySet()) {
            rules.addAll(rules(entry.getKey(), entry.getValue()));
        }
        return rules;
    }

    private static void add(ByEndpoint endpoint, PrivateSource source, Tally tally) {
        switch (source.arrival()) {
            case Translated by -> endpoint.translated.put(by.observed(), tally);
            case Linked by -> {
                ByLink link = endpoint.links.computeIfAbsent(by.linkId().toString(), id -> new ByLink(by.linkId()));
                by.originator()
                        .ifPresentOrElse(
                                originator -> link.originators.put(originator, tally),
                                () -> link.withoutOriginator = Optional.of(tally));
            }
        }
    }

    /** The rules for one endpoint. A rule that names it admits all of its links, one that names a link all of its originators. */
    private List<RuleText> rules(String name, ByEndpoint endpoint) throws NoCover {
        List<RuleText> rules = new ArrayList<>();
        List<Tally> all = new ArrayList<>(endpoint.translated.values());
        int originators = 0;
        for (ByLink link : endpoint.links.values()) {
            List<Tally> byLink = new ArrayList<>(link.originators.values());
            link.withoutOriginator.ifPresent(byLink::add);
            all.addAll(byLink);
            originators += link.originators.size();
            if (link.withoutOriginator.isPresent()) {
                rules.add(rule(
                        new Rule.LinkMatcher(link.id),
                        sum(byLink),
                        count(link.originators.size(), "originator") + " and others without one",
                        "admits whoever comes by the link, of endpoint " + name));
            } else {
                rules.addAll(blocks(
                        link.originators,
                        range -> new Rule.OriginatorMatcher(range, new Rule.ViaLink(link.id)),
                        ", endpoint " + name));
            }
        }
        if (endpoint.translated.isEmpty()) {
            return rules;
        }
        String places = count(endpoint.translated.size(), "translated address", "translated addresses")
                + (originators == 0 ? "" : " and " + count(originators, "originator"));
        return List.of(rule(new Rule.EndpointMatcher(name), sum(all), places, "admits whoever comes by the endpoint"));
    }

    private List<RuleText> blocks(
            SortedMap<Address, Tally> seen, Function<AddressRange, Rule.Matcher> matcher, String suffix)
            throws NoCover {
        List<RuleText> rules = new ArrayList<>();
        Address firstOfIpv6 = AddressRange.EVERYTHING.get(1).first();
        for (SortedMap<Address, Tally> family : List.of(seen.headMap(firstOfIpv6), seen.tailMap(firstOfIpv6))) {
            List<AddressRange> blocks = switch (BlockCover.of(new TreeSet<>(family.keySet()), limits)) {
                case BlockCover.Covered covered -> covered.blocks();
                case BlockCover.TooFew tooFew ->
                    throw new NoCover("its addresses take " + count(tooFew.needed(), "block") + " of "
                            + (tooFew.family() == Address.Family.IPV4 ? "IPv4" : "IPv6")
                            + " that are no wider; allow more blocks, or wider ones");
            };
            for (AddressRange block : blocks) {
                SortedMap<Address, Tally> inside = within(family, block);
                String unseen = String.valueOf(block.size().subtract(BigInteger.valueOf(inside.size())));
                rules.add(rule(
                        matcher.apply(block),
                        sum(inside.values()),
                        count(inside.size(), "address", "addresses"),
                        "admits " + unseen + " unseen" + suffix));
            }
        }
        return rules;
    }

    private static SortedMap<Address, Tally> within(SortedMap<Address, Tally> seen, AddressRange block) {
        SortedMap<Address, Tally> from = seen.tailMap(block.first());
        return block.last().next().map(from::headMap).orElse(from);
    }

    private static Tally sum(Collection<Tally> tallies) {
        return tallies.stream().reduce(Tally::and).orElseThrow();
    }

    private static RuleText rule(Rule.Matcher matcher, Tally tally, String places, String admits) {
        String note = count(tally.requests(), "request") + " from " + places + ", " + time(tally.first()) + " to "
                + time(tally.last()) + "; " + admits;
        return new RuleText(matcher, Optional.of(note), Optional.empty());
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String count(long number, String what) {
        return count(number, what, what + "s");
    }

    private static String count(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
