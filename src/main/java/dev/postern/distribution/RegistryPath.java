package dev.postern.distribution;

import dev.postern.distribution.RegistryCall.Fault;
import dev.postern.distribution.RegistryCall.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The paths of the API, read from the right as registries do: a repository's name may have segments that are called {@code
 * blobs} or {@code manifests}.
 */
final class RegistryPath {

    /** Which path it is. */
    sealed interface Outcome {}

    /** {@code /v2/}. */
    record Root() implements Outcome {}

    /** {@code /v2/_catalog}. */
    record AllRepositories() implements Outcome {}

    /** Something of a repository. */
    record InRepository(String repository, Target target) implements Outcome {}

    /** None of the API's. */
    record Other() implements Outcome {}

    /** One that looks like the API's, and is not. */
    record Unknown(Fault fault, String why) implements Outcome {}

    private static final String PREFIX = "/v2/";

    /** Registries mean their own uploads by it: behind it, and before another keyword, it could be either. */
    private static final String UPLOADS = "/blobs/uploads/";

    private RegistryPath() {}

    static Outcome of(String path) {
        if (!path.startsWith(PREFIX)) {
            boolean almost = path.equals("/v2") || path.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
            return almost
                    ? new Unknown(
                            Fault.UNKNOWN_PATH, "the API of a registry is under /v2/, with its slash and a small v")
                    : new Other();
        }
        String rest = path.substring(PREFIX.length());
        if (rest.isEmpty()) {
            return new Root();
        }
        if (rest.equals("_catalog")) {
            return new AllRepositories();
        }
        List<InRepository> readings = readings(rest);
        if (readings.isEmpty()) {
            return new Unknown(
                    Fault.UNKNOWN_PATH,
                    "the API of a registry has no such path; expected /v2/NAME/ and manifests/REFERENCE, blobs/DIGEST,"
                            + " blobs/uploads/, tags/list or referrers/DIGEST, the name in lower case");
        }
        if (readings.size() > 1 || ("/" + readings.getFirst().repository() + "/").contains(UPLOADS)) {
            return new Unknown(Fault.MALFORMED, "the path can be read in two ways");
        }
        return readings.getFirst();
    }

    private static List<InRepository> readings(String rest) {
        List<InRepository> readings = new ArrayList<>(1);
        int last = rest.lastIndexOf('/');
        int before = last < 0 ? -1 : rest.lastIndexOf('/', last - 1);
        if (before < 0) {
            return readings;
        }
        String end = rest.substring(last + 1);
        String keyword = rest.substring(before + 1, last);
        target(keyword, end)
                .filter(target -> Grammar.isName(rest.substring(0, before)))
                .ifPresent(target -> readings.add(new InRepository(rest.substring(0, before), target)));
        int first = rest.lastIndexOf('/', before - 1);
        if (first > 0
                && keyword.equals("uploads")
                && rest.substring(first + 1, before).equals("blobs")) {
            upload(end)
                    .filter(target -> Grammar.isName(rest.substring(0, first)))
                    .ifPresent(target -> readings.add(new InRepository(rest.substring(0, first), target)));
        }
        return readings;
    }

    private static Optional<Target> target(String keyword, String end) {
        return switch (keyword) {
            case "manifests" ->
                Grammar.isTag(end) || Grammar.isDigest(end)
                        ? Optional.of(new RegistryCall.Manifest(end))
                        : Optional.empty();
            case "blobs" -> Grammar.isDigest(end) ? Optional.of(new RegistryCall.Blob(end)) : Optional.empty();
            case "referrers" -> Grammar.isDigest(end) ? Optional.of(new RegistryCall.Referrers(end)) : Optional.empty();
            case "tags" -> end.equals("list") ? Optional.of(new RegistryCall.Tags()) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Target> upload(String end) {
        if (end.isEmpty()) {
            return Optional.of(new RegistryCall.Uploads());
        }
        return Grammar.isUpload(end) ? Optional.of(new RegistryCall.Upload(end)) : Optional.empty();
    }
}
