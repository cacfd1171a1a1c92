package dev.postern.policy.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.bundle.BundleReader.Contents;
import dev.postern.policy.bundle.BundleReader.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What of a bundle is read, and what is refused. */
class BundleReaderTest {

    private static final String NAME = "https://policies.example.com/postern.tar.gz";
    private static final String GOOD = "accounts: {acme: {}}\n";
    private static final int MOST = 100_000;

    private static Map<String, String> documents(byte[] bundle) {
        Map<String, String> documents = new TreeMap<>();
        assertThat(BundleReader.read(bundle, NAME, MOST))
                .isInstanceOfSatisfying(
                        Contents.class,
                        contents -> contents.documents()
                                .forEach(document -> documents.put(document.name(), document.text())));
        return documents;
    }

    @Test
    void theYamlFilesOfAnArchiveAreItsDocuments() {
        // Given
        byte[] bundle = Archives.with(tar -> {
            Archives.add(tar, "pax/", TarConstants.LF_DIR, "");
            Archives.add(tar, "zones.yml", "zones: {}");
            Archives.add(tar, "./accounts/acme.yaml", GOOD);
            Archives.add(tar, "accounts/Büro-" + "x".repeat(150) + ".yaml", GOOD);
            Archives.add(tar, "README.md", "not: [a policy");
            Archives.add(tar, "._zones.yml", "not: [a policy");
            Archives.add(tar, ".github/workflow.yaml", "not: [a policy");
            Archives.add(tar, "accounts/.next.yaml", "not: [a policy");
        });
        // Then
        assertThat(documents(bundle))
                .containsOnly(
                        Map.entry(NAME + "!/zones.yml", "zones: {}"),
                        Map.entry(NAME + "!/accounts/acme.yaml", GOOD),
                        Map.entry(NAME + "!/accounts/Büro-" + "x".repeat(150) + ".yaml", GOOD));
    }

    @Test
    void theDocumentsAreInTheOrderOfTheirNames() {
        // When
        Contents contents =
                (Contents) BundleReader.read(Archives.of("b.yaml", GOOD, "c.yaml", GOOD, "a.yaml", GOOD), NAME, MOST);
        // Then
        assertThat(contents.documents())
                .extracting(Document::name)
                .containsExactly(NAME + "!/a.yaml", NAME + "!/b.yaml", NAME + "!/c.yaml");
    }

    @Test
    void whatIsNotCompressedIsADocument() {
        assertThat(documents(GOOD.getBytes(StandardCharsets.UTF_8))).containsOnly(Map.entry(NAME, GOOD));
    }

    @Test
    void theNewestEntrySaysHowOldABundleIs() {
        // Given
        Instant time = Instant.parse("2026-05-01T10:11:12Z");
        // Then
        assertThat(((Contents) BundleReader.read(Archives.at(time, "a.yaml", GOOD), NAME, MOST)).newest())
                .contains(time);
        assertThat(((Contents) BundleReader.read(GOOD.getBytes(StandardCharsets.UTF_8), NAME, MOST)).newest())
                .isEmpty();
    }

    /** The forms that GNU tar writes; the commands are those of the page on bundles. */
    @ParameterizedTest
    @MethodSource
    void whatTarMakesIsRead(List<String> options, @TempDir Path directory) throws Exception {
        // Given
        Path policy = Files.createDirectories(directory.resolve("policy.d/accounts"));
        Files.writeString(policy.resolve("acme.yaml"), GOOD);
        Files.writeString(policy.resolve("b".repeat(90) + ".yaml"), GOOD);
        Path bundle = directory.resolve("postern.tar.gz");
        List<String> command = new java.util.ArrayList<>(List.of("tar"));
        command.addAll(options);
        command.addAll(List.of("-C", directory.resolve("policy.d").toString(), "-czf", bundle.toString(), "."));
        // When
        Process tar = new ProcessBuilder(command).inheritIO().start();
        // Then
        assertThat(tar.waitFor()).isZero();
        assertThat(documents(Files.readAllBytes(bundle)).keySet())
                .containsExactly(NAME + "!/accounts/acme.yaml", NAME + "!/accounts/" + "b".repeat(90) + ".yaml");
    }

    static Stream<List<String>> whatTarMakesIsRead() {
        return Stream.of(
                List.of(),
                List.of("--format=gnu"),
                List.of("--format=pax"),
                List.of("--format=ustar", "--owner=0", "--group=0", "--mtime=2026-01-01T00:00:00Z", "--sort=name"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void whatCouldMeanHarmOrTwoThingsIsRefusedWhole(String name, byte[] bundle, String why) {
        assertThat(BundleReader.read(bundle, NAME, MOST))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.why()).contains(why).hasSizeLessThan(400));
    }

    static Stream<Arguments> whatCouldMeanHarmOrTwoThingsIsRefusedWhole() throws IOException {
        byte[] good = Archives.of("a.yaml", GOOD);
        byte[] tar = Archives.tar(each -> Archives.add(each, "a.yaml", GOOD));
        byte[] damaged = good.clone();
        damaged[good.length / 2] ^= 0x55;
        byte[] header = tar.clone();
        header[0] ^= 1;
        return Stream.of(
                Arguments.of("nothing", new byte[0], "is empty"),
                Arguments.of("HTML", "\n<!DOCTYPE html><p>".getBytes(StandardCharsets.UTF_8), "is HTML or XML"),
                Arguments.of("no text", new byte[] {'a', (byte) 0xff}, "is not UTF-8 text"),
                Arguments.of("a zip", new byte[] {'P', 'K', 3, 4, (byte) 0x80}, "is not UTF-8 text"),
                Arguments.of(
                        "gzip alone",
                        Archives.gzip("accounts: {}".getBytes(StandardCharsets.UTF_8)),
                        "holds no tar archive"),
                Arguments.of("gzip of nothing", Archives.gzip(new byte[0]), "holds no tar archive"),
                Arguments.of("half", Arrays.copyOf(good, good.length / 2), "is not whole"),
                Arguments.of("without its last byte", Arrays.copyOf(good, good.length - 1), "is not whole"),
                Arguments.of("two bytes of gzip", Arrays.copyOf(good, 2), "is not whole"),
                Arguments.of("a header of gzip", Arrays.copyOf(good, 3), "is not whole"),
                Arguments.of("damaged", damaged, "is "),
                Arguments.of("a damaged header", Archives.gzip(header), "header is damaged"),
                Arguments.of("cut off in an entry", Archives.gzip(Arrays.copyOf(tar, 515)), "is "),
                Arguments.of(
                        "cut off after an entry", Archives.gzip(Arrays.copyOf(tar, 1024)), "has no end of archive"),
                Arguments.of("no documents", Archives.of("README.md", ""), "holds no policy"),
                Arguments.of("only hidden ones", Archives.of(".a.yaml", GOOD), "holds no policy"),
                Arguments.of("no text in it", notText(), "'a.yaml', which is not UTF-8"),
                Arguments.of("a bomb", Archives.of("a.yaml", " ".repeat(MOST)), "expands to more than 100000 bytes"),
                Arguments.of(
                        "a bomb beside", Archives.of("a.yaml", GOOD, "b.bin", " ".repeat(MOST)), "expands to more"),
                Arguments.of("zeros after the end", zerosAfter(tar), "expands to more"),
                refused("../a.yaml"),
                refused("./../a.yaml"),
                refused("a/../../b.yaml"),
                refused("a/.."),
                refused("/etc/a.yaml"),
                refused("//a.yaml"),
                refused("a//b.yaml"),
                refused("a/./b.yaml"),
                refused("a\\b.yaml"),
                refused("C:a.yaml"),
                refused("a\nb.yaml"),
                refused("../" + "x".repeat(150) + ".yaml"),
                refused("../README.md"),
                Arguments.of("a long name", Archives.of("a/".repeat(300) + "b.yaml", GOOD), "is longer than 512"),
                kind("a.yaml", TarConstants.LF_SYMLINK, "/etc/passwd", "'a.yaml', which is a link"),
                kind("README", TarConstants.LF_SYMLINK, "a.yaml", "'README', which is a link"),
                kind("a/", TarConstants.LF_SYMLINK, "b", "'a/', which is a link"),
                kind("a.yaml", TarConstants.LF_LINK, "b.yaml", "'a.yaml', which is a link"),
                kind("a.yaml", TarConstants.LF_CHR, "", "'a.yaml', which is a device"),
                kind("a.yaml", TarConstants.LF_BLK, "", "'a.yaml', which is a device"),
                kind("a.yaml", TarConstants.LF_FIFO, "", "'a.yaml', which is a device"),
                kind("a.yaml", TarConstants.LF_CONTIG, "", "'a.yaml', which is of an unusual kind"),
                kind("a.yaml", (byte) 'V', "", "'a.yaml', which is of an unusual kind"),
                kind("a.yaml", (byte) 'Z', "", "'a.yaml', which is of an unusual kind"),
                Arguments.of("twice", Archives.of("a.yaml", GOOD, "a.yaml", "zones: {}"), "has two entries 'a.yaml'"),
                Arguments.of("twice in two ways", Archives.of("a.yaml", GOOD, "./a.yaml", ""), "two entries 'a.yaml'"),
                Arguments.of("a file and a directory", fileAndDirectory(), "has two entries 'a.yaml'"));
    }

    private static Arguments refused(String name) {
        return Arguments.of(
                "a path: " + name.replace('\n', '?'),
                Archives.of("good.yaml", GOOD, name, GOOD),
                "whose name is not a path inside the bundle");
    }

    private static Arguments kind(String name, byte kind, String link, String why) {
        return Arguments.of(
                "an entry of kind " + (char) kind,
                Archives.with(tar -> {
                    Archives.add(tar, "good.yaml", GOOD);
                    Archives.add(tar, name, kind, link);
                }),
                why);
    }

    private static byte[] notText() throws IOException {
        byte[] tar = Archives.tar(each -> Archives.add(each, "a.yaml", GOOD));
        tar[512] = (byte) 0xff;
        return Archives.gzip(tar);
    }

    private static byte[] zerosAfter(byte[] tar) {
        return Archives.gzip(Arrays.copyOf(tar, MOST + 1));
    }

    private static byte[] fileAndDirectory() {
        return Archives.with(tar -> {
            Archives.add(tar, "a.yaml", GOOD);
            Archives.add(tar, "a.yaml/", TarConstants.LF_DIR, "");
        });
    }

    @Test
    void aNameMayBeAsLongAsTheBoundAndHaveABlank() {
        // Given
        String longest = "a b/" + "c/".repeat(251) + "d.yaml";
        assertThat(longest).hasSize(512);
        // Then
        assertThat(documents(Archives.of(longest, GOOD))).containsOnlyKeys(NAME + "!/" + longest);
        assertThat(BundleReader.read(Archives.of("c" + longest, GOOD), NAME, MOST))
                .isInstanceOf(Refused.class);
    }

    @Test
    void aNameIsShownWholeUpToItsBound() {
        assertThat(BundleReader.read(Archives.of("../" + "x".repeat(117), GOOD), NAME, MOST))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.why()).contains("'../" + "x".repeat(117) + "'"));
        assertThat(BundleReader.read(Archives.of("../" + "x".repeat(118), GOOD), NAME, MOST))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.why()).contains("'../" + "x".repeat(117) + "…'"));
    }

    @Test
    void anArchiveHasTwentyThousandEntriesAtMost() {
        assertThat(BundleReader.read(entries(20_000), NAME, 100_000_000)).isInstanceOf(Contents.class);
        assertThat(BundleReader.read(entries(20_001), NAME, 100_000_000))
                .isEqualTo(new Refused("has more than 20000 entries"));
    }

    private static byte[] entries(int count) {
        return Archives.with(tar -> {
            for (int i = 1; i < count; i++) {
                Archives.add(tar, i + ".txt", TarConstants.LF_NORMAL, "");
            }
            Archives.add(tar, "a.yaml", GOOD);
        });
    }
}
