package dev.postern.audit.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditLog.Taken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that grows, is put aside, goes away and comes back: its lines are whole. */
class RotatedFileTest {

    @TempDir
    Path directory;

    @Test
    void theDirectoryAndTheFileAreTheOwnersAlone() throws IOException {
        // Given
        Path file = directory.resolve("made/for/it/audit.jsonl");
        // When
        write(new RotatedFile(file, 1000, 3), "one\n");
        // Then
        assertThat(file).hasContent("one\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void whatIsThereAlreadyStays() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("audit.jsonl"), "before\n");
        // When
        write(new RotatedFile(file, 1000, 3), "after\n");
        // Then
        assertThat(Files.readString(file)).isEqualTo("before\nafter\n");
    }

    @Test
    void aLineThatWasTornByAKillIsEnded() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("audit.jsonl"), "whole\n{\"torn");
        // When
        write(new RotatedFile(file, 1000, 3), "after\n");
        // Then
        assertThat(Files.readString(file)).isEqualTo("whole\n{\"torn\nafter\n");
    }

    @Test
    void whatWouldGrowTooLargeIsPutAsideAndNoMoreThanTheNumberIsKept() throws IOException {
        // Given
        Path file = directory.resolve("audit.jsonl");
        RotatedFile sink = new RotatedFile(file, 10, 3);
        // When
        for (int i = 1; i <= 5; i++) {
            write(sink, "line " + i + "\n");
        }
        // Then
        assertThat(Files.readString(file)).isEqualTo("line 5\n");
        assertThat(Files.readString(directory.resolve("audit.jsonl.1"))).isEqualTo("line 4\n");
        assertThat(Files.readString(directory.resolve("audit.jsonl.2"))).isEqualTo("line 3\n");
        assertThat(names()).hasSize(3);
    }

    @Test
    void ofOneFileTheOldIsDeleted() throws IOException {
        // Given
        RotatedFile sink = new RotatedFile(directory.resolve("audit.jsonl"), 10, 1);
        // When
        write(sink, "line 1\n");
        write(sink, "line 2\n");
        // Then
        assertThat(names()).containsExactly("audit.jsonl");
        assertThat(Files.readString(directory.resolve("audit.jsonl"))).isEqualTo("line 2\n");
    }

    @Test
    void aFileThatAnotherPutsAsideIsBegunAnew() throws IOException {
        // Given
        Path file = directory.resolve("audit.jsonl");
        RotatedFile sink = new RotatedFile(file, 1000, 3);
        write(sink, "one\n");
        // When
        Files.move(file, directory.resolve("taken"));
        write(sink, "two\n");
        // Then
        assertThat(Files.readString(directory.resolve("taken"))).isEqualTo("one\n");
        assertThat(Files.readString(file)).isEqualTo("two\n");
    }

    @Test
    void aDirectoryThatGoesAwayIsMadeAgain() throws IOException {
        // Given
        Path file = directory.resolve("sub/audit.jsonl");
        RotatedFile sink = new RotatedFile(file, 1000, 3);
        write(sink, "one\n");
        // When
        Files.delete(file);
        Files.delete(file.getParent());
        write(sink, "two\n");
        // Then
        assertThat(Files.readString(file)).isEqualTo("two\n");
    }

    @Test
    void whereItCannotBeWrittenItIsTriedLater() throws IOException {
        // Given: something else has the name
        Path file = directory.resolve("audit.jsonl");
        Files.createDirectory(file);
        RotatedFile sink = new RotatedFile(file, 1000, 3);
        // When
        Taken before = taken(sink, "one\n");
        Files.delete(file);
        Taken after = taken(sink, "one\n");
        // Then
        assertThat(before).isInstanceOf(Taken.Later.class);
        assertThat(after).isEqualTo(Taken.ALL);
        assertThat(Files.readString(file)).isEqualTo("one\n");
    }

    @Test
    void aSymbolicLinkIsNotFollowed() throws IOException {
        // Given
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "mine\n");
        Path file = Files.createSymbolicLink(directory.resolve("audit.jsonl"), elsewhere);
        // When
        Taken taken = taken(new RotatedFile(file, 1000, 3), "one\n");
        // Then
        assertThat(taken).isInstanceOf(Taken.Later.class);
        assertThat(elsewhere).hasContent("mine\n");
    }

    @Test
    void aFullDiskIsTriedLaterAndSaid() {
        // When: a device that is always full
        Taken taken = taken(new RotatedFile(Path.of("/dev/full"), 1000, 3), "one\n");
        // Then
        assertThat(taken)
                .isInstanceOfSatisfying(
                        Taken.Later.class, later -> assertThat(later.why()).startsWith("/dev/full: "));
    }

    @Test
    void aFileThatAnotherWritesToIsNotWritten() throws IOException {
        // Given
        Path file = directory.resolve("audit.jsonl");
        RotatedFile first = new RotatedFile(file, 1000, 3);
        write(first, "one\n");
        // When
        Taken second = taken(new RotatedFile(file, 1000, 3), "two\n");
        first.close();
        // Then
        assertThat(second).isInstanceOf(Taken.Later.class);
        assertThat(Files.readString(file, StandardCharsets.US_ASCII)).isEqualTo("one\n");
        assertThat(taken(new RotatedFile(file, 1000, 3), "three\n")).isEqualTo(Taken.ALL);
    }

    @Test
    void whatIsWrittenBehindItsBackIsNotOverwritten() throws IOException {
        // Given
        Path file = directory.resolve("audit.jsonl");
        RotatedFile sink = new RotatedFile(file, 1000, 3);
        write(sink, "one\n");
        // When
        Files.writeString(file, "other\n", StandardOpenOption.APPEND);
        write(sink, "two\n");
        // Then
        assertThat(Files.readString(file)).isEqualTo("one\nother\ntwo\n");
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).toList().stream();
        }
    }

    private static Taken taken(RotatedFile sink, String lines) {
        byte[] bytes = lines.getBytes(StandardCharsets.US_ASCII);
        return sink.write(bytes, bytes.length);
    }

    private static void write(RotatedFile sink, String lines) {
        assertThat(taken(sink, lines)).isEqualTo(Taken.ALL);
    }
}
