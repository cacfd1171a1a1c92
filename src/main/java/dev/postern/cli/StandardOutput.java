package dev.postern.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Standard output that remembers why it took no more, which {@link System#out} does not say. */
final class StandardOutput extends OutputStream {

    private final OutputStream out;
    private volatile @Nullable String failure;

    private StandardOutput(OutputStream out) {
        this.out = out;
    }

    /** That of this process. */
    static StandardOutput ofProcess() {
        return new StandardOutput(new FileOutputStream(FileDescriptor.out));
    }

    /** That of tests. */
    static StandardOutput of(OutputStream out) {
        return new StandardOutput(out);
    }

    /** A writer to it, in the encoding of the terminal; lines go out one by one. */
    PrintWriter writer() {
        return new PrintWriter(this, true, charset());
    }

    private static Charset charset() {
        return Charset.forName(System.getProperty("stdout.encoding", "UTF-8"), Charset.defaultCharset());
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
            throw e;
        }
    }

    /** Why it takes no more, if it does not. */
    Optional<ExitCode> end() {
        return Optional.ofNullable(failure)
                .map(why -> why.contains("roken pipe") ? ExitCode.BROKEN_PIPE : ExitCode.NOT_WRITTEN);
    }

    /** What the system said. */
    String why() {
        return String.valueOf(failure);
    }
}
