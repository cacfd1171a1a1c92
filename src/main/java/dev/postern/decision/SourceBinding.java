package dev.postern.decision;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.policy.Account;
import dev.postern.policy.Policy;
import dev.postern.policy.Rule;
import dev.postern.policy.RuleList;
import dev.postern.policy.Subject;
import dev.postern.policy.Zone;
import dev.postern.source.Source;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import java.time.Instant;
import java.util.Optional;

/**
 * The source to which a token is bound, as the text of a claim: {@code KIND:VALUE}.
 *
 * <pre>
 *   address:203.0.113.9                 this address, over the public network
 *   endpoint:us-south/166.9.12.227      this address, by this private endpoint
 *   link:aws:vpce-0a1b/10.8.0.7         this originator, by this link; the link alone where no originator is known
 *   zone:office                         the zone's addresses, as the policy of each moment has them
 *   range:203.0.113.0/24                these addresses
 *   endpoint:us-south                   this private endpoint
 * </pre>
 */
public final class SourceBinding {

    private static final String ADDRESS = "address:";
    private static final String ENDPOINT = "endpoint:";
    private static final String LINK = "link:";
    private static final String ZONE = "zone:";
    private static final String RANGE = "range:";

    /** How narrow the binding is. */
    public enum Width {
        /** None. */
        OFF,
        /** To the caller's address. */
        ADDRESS,
        /** To the zone, block or private endpoint of the rule that admitted the caller. */
        NETWORK
    }

    private SourceBinding() {}

    /**
     * The text for a token that is issued now; none where nothing is bound. Where no rule of the subject's account names a
     * network, it is bound to the address.
     */
    public static Optional<String> of(Width width, Policy policy, Subject subject, Source source, Instant now) {
        return switch (width) {
            case OFF -> Optional.empty();
            case ADDRESS -> Optional.of(narrow(source));
            case NETWORK -> Optional.of(wide(policy, subject, source, now));
        };
    }

    private static String narrow(Source source) {
        return switch (source) {
            case PublicSource known -> ADDRESS + known.address();
            case PrivateSource known ->
                known.linkId()
                        .map(link -> LINK + link + suffix(known.originator()))
                        .orElseGet(() -> ENDPOINT + known.endpoint() + suffix(known.observed()));
            case UnknownSource unknown ->
                throw new IllegalArgumentException("a token is never issued to such a source");
        };
    }

    private static String suffix(Optional<Address> address) {
        return address.map(known -> "/" + known).orElse("");
    }

    private static String wide(Policy policy, Subject subject, Source source, Instant now) {
        return switch (source) {
            case PublicSource known ->
                policy.account(subject.account())
                        .flatMap(Account::network)
                        .flatMap(rules -> rules.allow())
                        .flatMap(list -> network(list, known.address(), now))
                        .orElseGet(() -> narrow(source));
            case PrivateSource known -> ENDPOINT + known.endpoint();
            case UnknownSource unknown -> narrow(unknown);
        };
    }

    private static Optional<String> network(RuleList list, Address address, Instant now) {
        return list.matchAddress(address, now).map(Rule::matcher).flatMap(matcher -> switch (matcher) {
            case Rule.ZoneMatcher zone -> Optional.of(ZONE + zone.zone());
            case Rule.AddressMatcher range -> Optional.of(RANGE + range.range());
            case Rule.EndpointMatcher endpoint -> Optional.empty();
            case Rule.LinkMatcher link -> Optional.empty();
            case Rule.OriginatorMatcher originator -> Optional.empty();
        });
    }

    /** Whether a token that is bound so may be used from this source. What cannot be read binds to nobody. */
    public static boolean admits(String boundTo, Policy policy, Source source) {
        return switch (source) {
            case UnknownSource unknown -> false;
            case PublicSource known -> admitsPublic(boundTo, policy, known.address());
            case PrivateSource known -> boundTo.equals(narrow(known)) || boundTo.equals(ENDPOINT + known.endpoint());
        };
    }

    private static boolean admitsPublic(String boundTo, Policy policy, Address address) {
        if (boundTo.startsWith(ADDRESS)) {
            return boundTo.equals(ADDRESS + address);
        }
        if (boundTo.startsWith(ZONE)) {
            Optional<Zone> zone = policy.zone(boundTo.substring(ZONE.length()));
            return zone.isPresent() && zone.get().contains(address);
        }
        return boundTo.startsWith(RANGE)
                && AddressRange.parse(boundTo.substring(RANGE.length())) instanceof AddressRange.Parsed parsed
                && parsed.range().contains(address);
    }
}
