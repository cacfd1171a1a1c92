package dev.postern.setup;

import dev.postern.fetch.HttpsUrl;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where a policy is ({@code postern.policy}). */
sealed interface PolicyLocation {

    /** A file or a directory of this machine. */
    record Local(Path path) implements PolicyLocation {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A bundle. */
    record Remote(HttpsUrl url) implements PolicyLocation {
        /** Without the query, which may be a secret. */
        @Override
        public String toString() {
            return url.text();
        }
    }

    /** Reads a location; what begins like a URL is one, or a mistake. */
    static PolicyLocation of(String text) {
        if (text.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*://.*")) {
            return switch (HttpsUrl.read(text)) {
                case HttpsUrl.Understood understood -> new Remote(understood.url());
                case HttpsUrl.Malformed malformed ->
                    throw new StartFault(
                            "the policy's location " + malformed.why() + "; expected a file, a directory, or"
                                    + " an https URL such as https://policies.example.com/postern.tar.gz, without user,"
                                    + " password or fragment (postern.policy)");
            };
        }
        try {
            return new Local(Path.of(text));
        } catch (InvalidPathException e) {
            throw new StartFault("the policy's location is not a path; expected a file, a directory, or an https URL"
                    + " (postern.policy)");
        }
    }
}
