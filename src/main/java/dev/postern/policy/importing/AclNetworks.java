package dev.postern.policy.importing;

import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.policy.Rule;
import dev.postern.policy.importing.AclAnalysis.Grant;
import dev.postern.policy.writing.NetworkText;
import dev.postern.policy.writing.RuleText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From where each account may come. In docker_auth an address is a condition of a single grant; here it is one of the identity, or
 * of the whole account. So of an account's grants those are kept that hold from all the addresses that the widest of
 * them has, and the anonymous account's addresses, which only the whole account's rules can say, must not keep out others.
 */
final class AclNetworks {

    private static final String CONDITION =
            "left out: addresses are a condition of an identity here, and another of its grants holds from more";

    private final Map<String, List<Grant>> kept = new LinkedHashMap<>();
    private final Map<String, AddressSet> from = new LinkedHashMap<>();
    private Optional<AddressSet> common = Optional.empty();

    private AclNetworks() {}

    static AclNetworks of(Map<String, List<Grant>> grants, AclAnalysis.Remarks remarks) {
        AclNetworks networks = new AclNetworks();
        grants.forEach((account, all) -> {
            AddressSet widest = widest(all);
            List<Grant> keep = new ArrayList<>();
            for (Grant grant : all) {
                if (isWithin(widest, grant.from())) {
                    keep.add(grant);
                } else {
                    remarks.cut(grant.entry(), account, CONDITION);
                }
            }
            networks.kept.put(account, keep);
            networks.from.put(account, keep.isEmpty() ? AclReader.EVERYWHERE : widest);
        });
        networks.decideCommon(remarks);
        return networks;
    }

    /** Of the addresses of a grant that no other grant has all of and more, those that most of the grants have. */
    private static AddressSet widest(List<Grant> grants) {
        AddressSet best = AclReader.EVERYWHERE;
        long bestCount = -1;
        for (Grant candidate : grants) {
            AddressSet set = candidate.from();
            boolean maximal =
                    grants.stream().noneMatch(other -> isWithin(set, other.from()) && !isWithin(other.from(), set));
            long count =
                    grants.stream().filter(other -> isWithin(set, other.from())).count();
            if (maximal && count > bestCount) {
                best = set;
                bestCount = count;
            }
        }
        return best;
    }

    private void decideCommon(AclAnalysis.Remarks remarks) {
        List<Grant> anonymous = kept.getOrDefault(DockerAuthAcl.ANONYMOUS, List.of());
        if (!anonymous.isEmpty() && !isEverywhere(from(DockerAuthAcl.ANONYMOUS))) {
            AddressSet wanted = from(DockerAuthAcl.ANONYMOUS);
            boolean keepsNobodyOut = kept.entrySet().stream()
                    .allMatch(entry -> entry.getValue().isEmpty() || isWithin(from(entry.getKey()), wanted));
            if (keepsNobodyOut) {
                common = Optional.of(wanted);
            } else {
                anonymous.forEach(grant -> remarks.cut(
                        grant.entry(),
                        DockerAuthAcl.ANONYMOUS,
                        "left out: for callers without credentials addresses are a condition of the whole account here,"
                                + " and others come from more"));
                kept.put(DockerAuthAcl.ANONYMOUS, List.of());
                from.put(DockerAuthAcl.ANONYMOUS, AclReader.EVERYWHERE);
            }
            return;
        }
        Set<List<AddressRange>> distinct = kept.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> from(entry.getKey()).ranges())
                .collect(Collectors.toSet());
        if (distinct.size() == 1) {
            common = Optional.of(AddressSet.of(distinct.iterator().next())).filter(set -> !isEverywhere(set));
        }
    }

    /** The grants that are left, by account. */
    Map<String, List<Grant>> grants() {
        return kept;
    }

    /** From where an account's grants hold. */
    AddressSet from(String account) {
        return from.getOrDefault(account, AclReader.EVERYWHERE);
    }

    /** The rules of the whole account, where there are any. */
    Optional<NetworkText> account() {
        return common.map(AclNetworks::text);
    }

    /** The rules of one identity, where it has any of its own. */
    Optional<NetworkText> own(String account) {
        AddressSet set = from(account);
        boolean said = isEverywhere(set)
                || common.map(all -> all.ranges().equals(set.ranges())).orElse(false);
        return said ? Optional.empty() : Optional.of(text(set));
    }

    private static NetworkText text(AddressSet set) {
        AddressSet complement = AclReader.EVERYWHERE.minus(set);
        // Everything but a few is read more easily so.
        return complement.ranges().size() < set.ranges().size()
                ? NetworkText.of(rules(AclReader.EVERYWHERE), rules(complement))
                : NetworkText.of(rules(set), List.of());
    }

    private static List<RuleText> rules(AddressSet set) {
        return set.ranges().stream()
                .map(range -> new RuleText(new Rule.AddressMatcher(range), Optional.empty(), Optional.empty()))
                .toList();
    }

    private static boolean isEverywhere(AddressSet set) {
        return isWithin(AclReader.EVERYWHERE, set);
    }

    private static boolean isWithin(AddressSet inner, AddressSet outer) {
        return inner.minus(outer).isEmpty();
    }
}
