package dev.postern.policy.importing;

import dev.postern.address.AddressRange;
import dev.postern.policy.NetworkRules.DefaultAction;
import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.policy.NetworkRules.PrivateAccess;
import dev.postern.policy.NetworkRules.PublicAccess;
import dev.postern.policy.Rule;
import dev.postern.policy.writing.NetworkText;
import dev.postern.policy.writing.RuleText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Contexts to a network section.
 *
 * <p>A rule with addresses counts for both sides here: for public sources, and for private ones by the address as which they are
 * seen. A context for one side only is therefore exact where the other side is closed altogether. Where it is not, "private,
 * and from these addresses" is said by {@code originator} and {@code via}; "public, and from these addresses" only where no
 * private endpoint's callers are seen as one of these addresses.
 */
final class CbrNetwork {

    private static final List<AddressRange> EVERYWHERE = List.of(all("0.0.0.0/0"), all("::/0"));

    private final ImportOptions options;
    private final Findings findings;
    private final List<RuleText> allow = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final Set<Rule.Matcher> written = new LinkedHashSet<>();
    private final Set<String> usedZones = new LinkedHashSet<>();

    CbrNetwork(ImportOptions options, Findings findings) {
        this.options = options;
        this.findings = findings;
    }

    private static AddressRange all(String block) {
        return switch (AddressRange.parse(block)) {
            case AddressRange.Parsed parsed -> parsed.range();
            case AddressRange.Malformed malformed -> throw new IllegalStateException(malformed.why());
        };
    }

    /** The zones that rules name, by their names. */
    Set<String> usedZones() {
        return usedZones;
    }

    NetworkText text(List<CbrContext> contexts, Enforcement enforcement) {
        boolean anyPublic = contexts.stream().anyMatch(CbrContext::publicly);
        boolean anyPrivate = contexts.stream().anyMatch(CbrContext::privately);
        boolean onlyPublic = contexts.stream().anyMatch(context -> !context.privately());
        boolean nameless =
                options.privateEndpoints().isEmpty() && options.vpcEndpoints().isEmpty();
        boolean closed = !anyPrivate || onlyPublic && nameless;
        if (anyPrivate && closed) {
            contexts.stream()
                    .filter(CbrContext::privately)
                    .forEach(context -> leaveOut(
                            context, "its private side: name your endpoint with --private-endpoint to have it"));
        }
        for (CbrContext context : contexts) {
            if (context.publicly()) {
                publicSide(context, closed);
            }
            if (context.privately() && !closed) {
                privateSide(context, !anyPublic);
            }
        }
        return new NetworkText(
                Optional.of(enforcement),
                anyPublic || contexts.isEmpty() ? Optional.empty() : Optional.of(PublicAccess.DISABLED),
                closed && !contexts.isEmpty() ? Optional.of(PrivateAccess.DISABLED) : Optional.empty(),
                Optional.of(DefaultAction.DENY),
                Optional.of(allow),
                List.of(),
                leftOut);
    }

    private void publicSide(CbrContext context, boolean privateSideClosed) {
        if (privateSideClosed || context.privately() || neverSeenAs(context)) {
            addresses(context);
            return;
        }
        leaveOut(
                context,
                "it is for public endpoints only, and a rule for addresses would count for private ones, too; with --config"
                        + " and the settings of your private endpoints it is taken over where that makes no difference");
    }

    private void privateSide(CbrContext context, boolean publicSideClosed) {
        if (context.place().isEmpty()) {
            if (options.privateEndpoints().isEmpty()) {
                leaveOut(context, "whoever comes over a private endpoint: name yours with --private-endpoint");
            }
            options.privateEndpoints().forEach(name -> add(new Rule.EndpointMatcher(name), context));
            return;
        }
        CbrContext.Place place = context.place().get();
        if (publicSideClosed) {
            addresses(context);
        }
        for (AddressRange range : place.addresses().ranges()) {
            options.privateEndpoints()
                    .forEach(name -> add(new Rule.OriginatorMatcher(range, new Rule.ViaEndpoint(name)), context));
        }
        if (!place.addresses().isEmpty()
                && options.privateEndpoints().isEmpty()
                && !publicSideClosed
                && !context.publicly()) {
            leaveOut(context, "addresses over private endpoints: name yours with --private-endpoint");
        }
        for (String vpc : place.vpcs()) {
            vpc(vpc, place, context);
        }
    }

    private void vpc(String vpc, CbrContext.Place place, CbrContext context) {
        Optional<String> endpoint = options.vpcEndpoints().entrySet().stream()
                .filter(entry -> vpc.equals(entry.getKey()) || vpc.endsWith(":vpc:" + entry.getKey()))
                .map(entry -> entry.getValue())
                .findFirst();
        if (endpoint.isEmpty()) {
            leaveOut(context, "the VPC " + vpc + ": name the endpoint by which it comes, --private-endpoint VPC=NAME");
        } else if (place.cutsVpcs()) {
            leaveOut(context, "the VPC " + vpc + ": addresses of it are excluded, which cannot be said of an endpoint");
        } else {
            add(new Rule.EndpointMatcher(endpoint.get()), context);
        }
    }

    /** Rules for the addresses of the context, which count for both sides. */
    private void addresses(CbrContext context) {
        if (context.place().isEmpty()) {
            EVERYWHERE.forEach(range -> add(new Rule.AddressMatcher(range), context));
            return;
        }
        CbrContext.Place place = context.place().get();
        for (CbrZone zone : place.zones()) {
            if (!zone.addresses().isEmpty()) {
                usedZones.add(zone.name());
                add(new Rule.ZoneMatcher(zone.name()), context);
            }
        }
        if (place.zones().isEmpty()) {
            place.addresses().ranges().forEach(range -> add(new Rule.AddressMatcher(range), context));
        }
        if (!place.vpcs().isEmpty() && !context.privately()) {
            place.vpcs()
                    .forEach(vpc -> leaveOut(
                            context, "the VPC " + vpc + " over public endpoints: list the addresses of its gateways"));
        }
    }

    private boolean neverSeenAs(CbrContext context) {
        List<AddressRange> ranges =
                context.place().map(place -> place.addresses().ranges()).orElse(EVERYWHERE);
        return options.translatedAddresses()
                .map(translated ->
                        translated.stream().noneMatch(seen -> ranges.stream().anyMatch(range -> range.overlaps(seen))))
                .orElse(false);
    }

    private void add(Rule.Matcher matcher, CbrContext context) {
        if (written.add(matcher)) {
            allow.add(new RuleText(
                    matcher,
                    Optional.of(context.rule()),
                    Optional.of(context.at().toString())));
        }
    }

    private void leaveOut(CbrContext context, String what) {
        String zones = context.place()
                .map(place -> place.zones().stream().map(CbrZone::name).toList())
                .filter(names -> !names.isEmpty())
                .map(names -> " (zone " + String.join(", ", names) + ")")
                .orElse("");
        leftOut.add("a context of " + context.rule() + zones + ", " + context.at() + ": " + what);
        findings.warning(
                context.at(),
                "a context of the rule " + Findings.shown(context.rule()) + zones + " is left out: " + what);
    }
}
