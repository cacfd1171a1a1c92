package dev.postern.decision;

import dev.postern.source.Source;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import java.util.Optional;

/** What a refused caller may know: the address that was judged, and where to ask; nothing of rules, accounts or users. */
final class RefusalText {

    private static final String ADDRESS_UNKNOWN = "the address of the client could not be established";

    private final String refer;

    /**
     * Texts that name this place.
     *
     * @param referUrl where a refused caller can ask for access
     */
    RefusalText(Optional<String> referUrl) {
        this.refer = referUrl.map(url -> " Refer " + url + " to grant access.").orElse("");
    }

    /** The message of a refusal. */
    String refused(Reason reason, Source source) {
        return switch (reason) {
            case NO_CREDENTIALS -> "authentication required";
            case NOT_PERMITTED -> "requested access to the resource is denied";
            case BAD_CREDENTIALS -> "incorrect username or password";
            case TOO_MANY_FAILURES -> "too many wrong credentials; try again later";
            case UNAVAILABLE -> Gate.UNDECIDED;
            case SOURCE_UNKNOWN -> ADDRESS_UNKNOWN;
            default -> refusedSource(source);
        };
    }

    /** The message of a refusal for which the source is all that counts, or could be. */
    String refusedSource(Source source) {
        return network(source, "is not allowed access");
    }

    /** The same for a refusal by network rules that is not enforced. */
    String wouldBeRefused(Source source) {
        return network(source, "would not be allowed access");
    }

    private String network(Source source, String verdict) {
        return switch (source) {
            case UnknownSource unknown -> ADDRESS_UNKNOWN;
            case PublicSource known -> "client with IP '" + known.address() + "' " + verdict + "." + refer;
            case PrivateSource known ->
                "client" + privateAddress(known) + " by private endpoint '" + known.endpoint() + "' " + verdict + "."
                        + refer;
        };
    }

    private static String privateAddress(PrivateSource source) {
        return source.observed()
                .or(source::originator)
                .map(address -> " with IP '" + address + "'")
                .orElse("");
    }
}
