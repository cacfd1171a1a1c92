package dev.postern;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Serializable;
import java.io.StringReader;
import java.net.URI;
import java.net.URISyntaxException;

/** The house: which package may know which, and which are plain Java. A new arrow is a deliberate change here. */
@AnalyzeClasses(packages = "dev.postern", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "dev.postern";

    @ArchTest
    static final ArchRule address_knows_nobody = arrows("address");

    @ArchTest
    static final ArchRule source_knows = arrows("source", "address");

    @ArchTest
    static final ArchRule fetch_knows = arrows("fetch", "address");

    @ArchTest
    static final ArchRule fetch_client_knows = arrows("fetch.client", "fetch", "address");

    @ArchTest
    static final ArchRule feed_knows = arrows("feed", "fetch", "address");

    @ArchTest
    static final ArchRule feed_loader_knows = arrows("feed.load", "feed", "fetch", "fetch.client", "address");

    @ArchTest
    static final ArchRule policy_knows = arrows("policy", "feed", "address");

    @ArchTest
    static final ArchRule policy_loader_knows = arrows("policy.load", "policy", "feed");

    @ArchTest
    static final ArchRule policy_bundles_know =
            arrows("policy.bundle", "policy.load", "policy", "fetch", "fetch.client");

    @ArchTest
    static final ArchRule policy_writer_knows = arrows("policy.writing", "policy", "address");

    @ArchTest
    static final ArchRule policy_importers_know = arrows("policy.importing", "policy.writing", "policy", "address");

    @ArchTest
    static final ArchRule policy_suggester_knows =
            arrows("policy.suggesting", "policy.writing", "policy", "source", "address");

    @ArchTest
    static final ArchRule throttle_knows = arrows("throttle", "source", "address");

    @ArchTest
    static final ArchRule identity_knows = arrows("identity", "policy", "throttle", "token");

    @ArchTest
    static final ArchRule federation_knows = arrows("identity.federation", "identity", "policy");

    @ArchTest
    static final ArchRule oidc_knows = arrows(
            "identity.oidc", "identity.federation", "identity", "policy", "token", "fetch", "fetch.client", "address");

    @ArchTest
    static final ArchRule only_oidc_knows_quarkuss_extension = noClasses()
            .that(not(resideInAPackage(ROOT + ".identity.oidc")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus.oidc..", "org.jose4j..");

    @ArchTest
    static final ArchRule decision_knows = arrows("decision", "source", "identity", "policy", "address");

    @ArchTest
    static final ArchRule token_knows_nobody = arrows("token");

    @ArchTest
    static final ArchRule replicas_know_nobody = arrows("replicas");

    @ArchTest
    static final ArchRule trial_knows = arrows("trial", "decision", "source", "identity", "policy", "address");

    @ArchTest
    static final ArchRule audit_knows = arrows("audit", "decision", "source", "identity", "policy", "address");

    @ArchTest
    static final ArchRule audit_forms_know =
            arrows("audit.form", "audit", "decision", "source", "identity", "policy", "address");

    @ArchTest
    static final ArchRule audit_replay_knows =
            arrows("audit.replay", "audit", "decision", "source", "identity", "policy", "address");

    @ArchTest
    static final ArchRule audit_sinks_know = arrows("audit.sink", "audit");

    @ArchTest
    static final ArchRule timing_knows_nobody = arrows("timing");

    @ArchTest
    static final ArchRule tracing_knows = arrows("tracing", "timing", "audit", "decision");

    @ArchTest
    static final ArchRule distribution_knows = arrows("distribution", "decision");

    @ArchTest
    static final ArchRule what_doors_have_in_common_knows = arrows(
            "door",
            "distribution",
            "source",
            "identity",
            "decision",
            "policy",
            "policy.load",
            "address",
            "throttle",
            "token",
            "audit",
            "timing");

    @ArchTest
    static final ArchRule registry_door_knows = arrows(
            "door.registry",
            "door",
            "distribution",
            "listener",
            "source",
            "identity",
            "decision",
            "policy",
            "policy.load",
            "address",
            "throttle",
            "token",
            "audit",
            "timing");

    @ArchTest
    static final ArchRule reasons_door_knows_nobody = arrows("door.reasons");

    @ArchTest
    static final ArchRule whoami_door_knows = arrows("door.whoami", "listener", "source", "audit");

    @ArchTest
    static final ArchRule envoy_door_knows =
            arrows("door.envoy", "door", "distribution", "listener", "decision", "source", "address", "timing");

    @ArchTest
    static final ArchRule authzen_door_knows = arrows(
            "door.authzen",
            "door",
            "distribution",
            "listener",
            "source",
            "identity",
            "decision",
            "policy",
            "policy.load",
            "address",
            "audit",
            "timing");

    @ArchTest
    static final ArchRule forward_door_knows =
            arrows("door.forward", "door", "distribution", "listener", "decision", "source", "timing");

    @ArchTest
    static final ArchRule only_the_envoy_door_reads_envoys_messages = noClasses()
            .that(not(resideInAPackage(ROOT + ".door.envoy")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.envoyproxy..", "com.google.protobuf..");

    @ArchTest
    static final ArchRule listener_knows = arrows("listener", "source", "address");

    @ArchTest
    static final ArchRule console_knows = arrows(
            "console",
            "listener",
            "audit",
            "decision",
            "trial",
            "source",
            "identity",
            "identity.oidc",
            "policy",
            "policy.load",
            "policy.suggesting",
            "policy.writing",
            "address",
            "throttle");

    @ArchTest
    static final ArchRule setup_knows = arrows(
            "setup",
            "console",
            "door",
            "audit",
            "audit.form",
            "audit.sink",
            "distribution",
            "listener",
            "source",
            "identity",
            "identity.federation",
            "identity.oidc",
            "decision",
            "policy",
            "policy.load",
            "policy.bundle",
            "feed",
            "feed.load",
            "fetch",
            "fetch.client",
            "address",
            "replicas",
            "throttle",
            "token",
            "trial",
            "timing",
            "tracing");

    @ArchTest
    static final ArchRule cli_knows = arrows(
            "cli",
            "setup",
            "feed",
            "feed.load",
            "audit",
            "audit.replay",
            "source",
            "identity",
            "decision",
            "policy",
            "policy.importing",
            "policy.suggesting",
            "policy.writing",
            "address",
            "token",
            "trial");

    @ArchTest
    static final ArchRule only_listed_packages_exist = classes()
            .should()
            .resideInAnyPackage(
                    ROOT,
                    ROOT + ".address",
                    ROOT + ".source",
                    ROOT + ".fetch",
                    ROOT + ".fetch.client",
                    ROOT + ".feed",
                    ROOT + ".feed.load",
                    ROOT + ".policy",
                    ROOT + ".policy.load",
                    ROOT + ".policy.bundle",
                    ROOT + ".policy.writing",
                    ROOT + ".policy.importing",
                    ROOT + ".policy.suggesting",
                    ROOT + ".throttle",
                    ROOT + ".identity",
                    ROOT + ".identity.federation",
                    ROOT + ".identity.oidc",
                    ROOT + ".decision",
                    ROOT + ".token",
                    ROOT + ".replicas",
                    ROOT + ".audit",
                    ROOT + ".audit.form",
                    ROOT + ".audit.replay",
                    ROOT + ".audit.sink",
                    ROOT + ".trial",
                    ROOT + ".distribution",
                    ROOT + ".timing",
                    ROOT + ".tracing",
                    ROOT + ".door",
                    ROOT + ".door.authzen",
                    ROOT + ".door.envoy",
                    ROOT + ".door.forward",
                    ROOT + ".door.reasons",
                    ROOT + ".door.registry",
                    ROOT + ".door.whoami",
                    ROOT + ".listener",
                    ROOT + ".console",
                    ROOT + ".setup",
                    ROOT + ".cli");

    @ArchTest
    static final ArchRule doors_do_not_know_each_other =
            slices().matching("dev.postern.door.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("dev.postern.(**)").should().beFreeOfCycles();

    /** No framework, no injection, no I/O in the pure packages; of the libraries, only those named. */
    @ArchTest
    static final ArchRule pure_packages_are_plain_java = noClasses()
            .that()
            .resideInAnyPackage(
                    ROOT + ".address",
                    ROOT + ".source",
                    ROOT + ".policy",
                    ROOT + ".policy.suggesting",
                    ROOT + ".throttle",
                    ROOT + ".identity.federation",
                    ROOT + ".decision",
                    ROOT + ".distribution",
                    ROOT + ".trial")
            .should()
            .dependOnClassesThat(not(resideInAnyPackage(
                            "dev.postern..",
                            "java.lang..",
                            "java.util..",
                            "java.math..",
                            "java.time..",
                            "java.nio",
                            "java.nio.charset",
                            "org.jspecify..",
                            "inet.ipaddr.."))
                    .and(not(resideInAnyPackage("org.yaml.snakeyaml..", "java.security")))
                    .and(not(type(StringReader.class)))
                    .and(not(type(Reader.class)))
                    .and(not(type(Serializable.class))));

    /** Feeds are read from streams, by Jackson's streaming parser alone: no files, no network, no binding of objects. */
    @ArchTest
    static final ArchRule feeds_are_plain_java_beside_their_parser = noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".fetch", ROOT + ".feed")
            .should()
            .dependOnClassesThat(not(resideInAnyPackage(
                            "dev.postern..",
                            "java.lang..",
                            "java.util..",
                            "java.math..",
                            "java.time..",
                            "java.nio",
                            "java.nio.charset",
                            "org.jspecify..",
                            "com.fasterxml.jackson.core.."))
                    .and(not(resideInAnyPackage("java.security")))
                    .and(not(assignableTo(InputStream.class)))
                    .and(not(type(OutputStream.class)))
                    .and(not(assignableTo(Reader.class)))
                    .and(not(assignableTo(IOException.class)))
                    .and(not(type(URI.class)))
                    .and(not(type(URISyntaxException.class)))
                    .and(not(type(Serializable.class))));

    /** Importers are given texts, and read JSON and YAML themselves; nothing else of the world reaches them. */
    @ArchTest
    static final ArchRule importers_are_plain_java_but_for_their_parsers = noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".policy.writing", ROOT + ".policy.importing")
            .should()
            .dependOnClassesThat(not(resideInAnyPackage(
                            "dev.postern..", "java.lang..", "java.util..", "java.math..", "org.jspecify.."))
                    .and(not(resideInAnyPackage("com.fasterxml.jackson.core", "org.yaml.snakeyaml..")))
                    .and(not(type(StringReader.class)))
                    .and(not(type(Reader.class)))
                    .and(not(type(java.io.IOException.class)))
                    .and(not(type(java.io.Closeable.class)))
                    .and(not(type(Serializable.class))));

    @ArchTest
    static final ArchRule only_the_policy_reads_yaml = noClasses()
            .that(not(resideInAnyPackage(ROOT + ".policy", ROOT + ".policy.importing")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.yaml.snakeyaml..");

    @ArchTest
    static final ArchRule pure_packages_have_no_clock = noClasses()
            .that()
            .resideInAnyPackage(
                    ROOT + ".address",
                    ROOT + ".source",
                    ROOT + ".fetch",
                    ROOT + ".feed",
                    ROOT + ".policy",
                    ROOT + ".policy.suggesting",
                    ROOT + ".throttle",
                    ROOT + ".identity.federation",
                    ROOT + ".decision",
                    ROOT + ".distribution",
                    ROOT + ".trial")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock");

    /** What the gate may know of identities is who somebody is, not how that was found out. */
    @ArchTest
    static final ArchRule decision_knows_identities_only_as_values = noClasses()
            .that()
            .resideInAPackage(ROOT + ".decision")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("dev\\.postern\\.identity\\.(?!Identity|Authentication|package-info).*");

    private static ArchRule arrows(String from, String... to) {
        String[] allowed = new String[to.length + 1];
        allowed[0] = ROOT + "." + from;
        for (int i = 0; i < to.length; i++) {
            allowed[i + 1] = ROOT + "." + to[i];
        }
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "." + from)
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed))));
    }
}
