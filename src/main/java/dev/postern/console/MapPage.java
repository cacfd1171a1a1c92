package dev.postern.console;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Policy;
import dev.postern.policy.load.PolicyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The page <em>map</em>: which of the world's addresses a ruleset opens. */
final class MapPage {

    private static final int MOST_RANGES = 100;
    private static final int MOST_CHOICES = 500;
    private static final int CELL = 20;
    private static final Duration KEPT = Duration.ofSeconds(30);
    private static final AddressRange ALL = AddressRange.EVERYTHING.getFirst();

    private final PolicyStore policies;
    private final InstantSource clock;
    private Optional<Kept> kept = Optional.empty();

    /** The last that was made: to make it again for each block that is looked into would take long with a million rules. */
    private record Kept(Policy policy, String in, Instant at, AddressSet open) {}

    MapPage(PolicyStore policies, InstantSource clock) {
        this.policies = policies;
        this.clock = clock;
    }

    MapView view(Ask ask) {
        Optional<Policy> policy = policies.state().inForce();
        List<NetworkSection> sections =
                policy.map(known -> NetworkSection.of(known).toList()).orElse(List.of());
        Optional<NetworkSection> chosen = sections.stream()
                .filter(section -> section.ruleset().equals(ask.field("in")))
                .findFirst()
                .or(() -> sections.stream().findFirst());
        AddressRange block = block(ask.field("block"));
        String in = chosen.map(NetworkSection::ruleset).orElse("");
        AddressSet open = policy.isPresent() && chosen.isPresent()
                ? open(policy.get(), chosen.get())
                : AddressSet.of(policy.isPresent() ? AddressRange.EVERYTHING : List.of());
        long[] parts = OpenSpace.parts(open, block);
        long count = 0;
        for (long part : parts) {
            count += part;
        }
        int prefix = prefix(block);
        List<AddressRange> within = open.ranges().stream()
                .filter(range -> range.family() == Address.Family.IPV4 && range.overlaps(block))
                .toList();
        List<AddressRange> within6 = open.ranges().stream()
                .filter(range -> range.family() == Address.Family.IPV6)
                .toList();
        return new MapView(
                Texts.shown(in),
                sections.stream()
                        .limit(MOST_CHOICES)
                        .map(section -> new RulesView.Choice(
                                section.ruleset(),
                                Texts.shown(section.ruleset()),
                                section.ruleset().equals(in)))
                        .toList(),
                block.toString(),
                prefix == 0 ? "" : query(in, AddressRange.block(block.first(), prefix - 8)),
                cells(in, block, parts),
                Texts.number(count),
                share(count, block.last().low() - block.first().low() + 1),
                within.stream().limit(MOST_RANGES).map(AddressRange::toString).toList(),
                Math.max(0, within.size() - MOST_RANGES),
                within6.stream().limit(MOST_RANGES).map(AddressRange::toString).toList(),
                Math.max(0, within6.size() - MOST_RANGES));
    }

    private synchronized AddressSet open(Policy policy, NetworkSection section) {
        Instant now = clock.instant();
        boolean isGood = kept.map(last -> last.policy() == policy
                        && last.in().equals(section.ruleset())
                        && last.at().plus(KEPT).isAfter(now))
                .orElse(false);
        if (!isGood) {
            kept = Optional.of(new Kept(policy, section.ruleset(), now, OpenSpace.of(policy, section, now)));
        }
        return kept.orElseThrow().open();
    }

    /** A block of 0, 8, 16 or 24 bits; everything where the text is none. */
    private static AddressRange block(String text) {
        return AddressRange.parse(text) instanceof AddressRange.Parsed parsed
                        && parsed.range().family() == Address.Family.IPV4
                        && prefix(parsed.range()) >= 0
                ? parsed.range()
                : ALL;
    }

    private static int prefix(AddressRange block) {
        for (int prefix = 0; prefix <= 24; prefix += 8) {
            if (AddressRange.block(block.first(), prefix).equals(block)) {
                return prefix;
            }
        }
        return -1;
    }

    private static List<MapView.Cell> cells(String in, AddressRange block, long[] parts) {
        int prefix = prefix(block) + 8;
        long size = (block.last().low() - block.first().low() + 1) / 256;
        List<MapView.Cell> cells = new ArrayList<>(256);
        for (int i = 0; i < 256; i++) {
            Address first = Address.ipv4((int) (block.first().low() + i * size));
            AddressRange part = AddressRange.block(first, prefix);
            boolean isPartly = parts[i] > 0 && parts[i] < size;
            cells.add(new MapView.Cell(
                    i % 16 * CELL,
                    i / 16 * CELL,
                    level(parts[i], size),
                    String.valueOf(i),
                    part + ": "
                            + (parts[i] == 0 ? "closed" : parts[i] == size ? "open" : share(parts[i], size) + " open"),
                    isPartly ? query(in, part) : ""));
        }
        return cells;
    }

    private static int level(long open, long size) {
        if (open == 0) {
            return 0;
        }
        double share = (double) open / size;
        return share == 1 ? 5 : share > 0.1 ? 4 : share > 0.01 ? 3 : share > 0.001 ? 2 : 1;
    }

    private static String share(long open, long size) {
        double share = 100.0 * open / size;
        if (open > 0 && share < 0.01) {
            return "less than 0.01 %";
        }
        return open < size && share > 99.99
                ? "more than 99.99 %"
                : String.format(Locale.ROOT, share == Math.rint(share) ? "%.0f %%" : "%.2f %%", share);
    }

    private static String query(String in, AddressRange block) {
        return "in=" + RulesPage.encoded(in) + "&block=" + RulesPage.encoded(block.toString());
    }
}
