package dev.postern.distribution;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a request asks of a registry (OCI distribution specification 1.1, section "Endpoints"). */
public sealed interface RegistryCall {

    /** {@code /v2/}: whether this is a registry, and one for the caller. */
    record Base() implements RegistryCall {}

    /** {@code /v2/_catalog}: all repositories, whoever owns them (Distribution's; the specification leaves it open). */
    record Catalog() implements RegistryCall {}

    /**
     * Something of one repository.
     *
     * @param repository its name
     * @param actions what the caller must be allowed there, all of them: {@code pull}, {@code push}, {@code delete}
     * @param target what of it
     * @param mountedFrom the repository from which a blob is to be mounted, which the caller must be allowed to pull, too
     */
    record OfRepository(String repository, SortedSet<String> actions, Target target, Optional<String> mountedFrom)
            implements RegistryCall {
        /** Keeps its own sorted copy. */
        public OfRepository {
            actions = Collections.unmodifiableSortedSet(new TreeSet<>(actions));
        }
    }

    /** Nothing of the registry's API: the path is well-formed, and begins with something else than {@code /v2/}. */
    record Elsewhere() implements RegistryCall {}

    /**
     * Nothing that is let through, whoever asks.
     *
     * @param why what was expected; at most a word of what was sent, and that printable
     */
    record Refused(Fault fault, String why) implements RegistryCall {}

    /** What is wrong with a call. */
    enum Fault {
        /** It can be read in two ways, or in none. */
        MALFORMED,
        /** The API has no such path. */
        UNKNOWN_PATH,
        /** The API does not take the method there. */
        METHOD
    }

    /** What of a repository is asked for. */
    sealed interface Target {
        /** The end of its path, behind the repository's name. */
        String path();
    }

    /** By a tag or a digest. */
    record Manifest(String reference) implements Target {
        @Override
        public String path() {
            return "manifests/" + reference;
        }
    }

    /** By its digest. */
    record Blob(String digest) implements Target {
        @Override
        public String path() {
            return "blobs/" + digest;
        }
    }

    /** Where uploads begin. */
    record Uploads() implements Target {
        @Override
        public String path() {
            return "blobs/uploads/";
        }
    }

    /** An upload that is under way, by the registry's name for it. */
    record Upload(String id) implements Target {
        @Override
        public String path() {
            return "blobs/uploads/" + id;
        }
    }

    /** The list of tags. */
    record Tags() implements Target {
        @Override
        public String path() {
            return "tags/list";
        }
    }

    /** The manifests that refer to a digest. */
    record Referrers(String digest) implements Target {
        @Override
        public String path() {
            return "referrers/" + digest;
        }
    }

    /** The path of the call, where it is one of the API's: what was read, written again. */
    default Optional<String> path() {
        return switch (this) {
            case Base base -> Optional.of("/v2/");
            case Catalog catalog -> Optional.of("/v2/_catalog");
            case OfRepository of ->
                Optional.of("/v2/" + of.repository() + "/" + of.target().path());
            case Elsewhere elsewhere -> Optional.empty();
            case Refused refused -> Optional.empty();
        };
    }

    /**
     * Reads a request.
     *
     * @param method as it stands in the request
     * @param target the path and the query, as they stand in the request (RFC 9112 section 3.2.1), nothing decoded
     * @param contentTypes the lines of the header {@code Content-Type}
     */
    static RegistryCall of(String method, String target, List<String> contentTypes) {
        return switch (RequestTarget.read(target)) {
            case RequestTarget.Malformed malformed -> new Refused(Fault.MALFORMED, malformed.why());
            case RequestTarget.Read read -> of(method, read, contentTypes);
        };
    }

    private static RegistryCall of(String method, RequestTarget.Read target, List<String> contentTypes) {
        return switch (RegistryPath.of(target.path())) {
            case RegistryPath.Unknown unknown -> new Refused(unknown.fault(), unknown.why());
            case RegistryPath.Other other -> new Elsewhere();
            case RegistryPath.Root root ->
                Set.of("GET", "HEAD").contains(method) ? new Base() : methodRefused("GET, HEAD");
            case RegistryPath.AllRepositories all -> method.equals("GET") ? new Catalog() : methodRefused("GET");
            case RegistryPath.InRepository in ->
                switch (Demands.of(method, in.target(), target.query(), contentTypes)) {
                    case Demands.Refused refused -> new Refused(refused.fault(), refused.why());
                    case Demands.Needs needs ->
                        new OfRepository(
                                in.repository(), new TreeSet<>(needs.actions()), in.target(), needs.mountedFrom());
                };
        };
    }

    private static RegistryCall methodRefused(String taken) {
        return new Refused(Fault.METHOD, Demands.methods(taken));
    }
}
