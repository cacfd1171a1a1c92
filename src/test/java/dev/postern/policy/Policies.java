package dev.postern.policy;

import dev.postern.address.LinkId;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.PolicyCompiler.Rejected;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Policies for tests, compiled from texts. */
final class Policies {

    static final PolicyCompiler COMPILER = new PolicyCompiler(new KnownEndpoints(
            Set.of("us-south", "eu-de"),
            Set.of(LinkId.parse("aws:vpce-0a1b2c3d4e5f60718").orElseThrow()),
            Set.of("github", "cluster")));

    private Policies() {}

    /** The policy of one document that must be good. */
    static Policy good(String text) {
        return good(new Document("policy.yaml", text));
    }

    static Policy good(Document... documents) {
        return switch (COMPILER.compile(List.of(documents))) {
            case Compiled compiled -> compiled.policy();
            case Rejected rejected ->
                throw new AssertionError(rejected.problems().toString());
        };
    }

    /** The problems of documents that must be bad, named {@code policy.yaml}, {@code policy2.yaml} and so on. */
    static List<Problem> bad(String... texts) {
        Document[] documents = new Document[texts.length];
        Arrays.setAll(documents, i -> new Document(i == 0 ? "policy.yaml" : "policy" + (i + 1) + ".yaml", texts[i]));
        return switch (COMPILER.compile(List.of(documents))) {
            case Compiled compiled -> throw new AssertionError("the documents were taken: " + List.of(texts));
            case Rejected rejected -> rejected.problems();
        };
    }
}
