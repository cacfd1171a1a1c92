package dev.postern.audit.replay;

import dev.postern.audit.replay.Replay.Input;
import dev.postern.audit.replay.Replay.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.ToIntFunction;

/** Cuts files into pieces of whole lines. A line that does not end within a piece's bound is none: it is cut, and is no event. */
final class Pieces {

    private final BlockingQueue<Piece> to;
    private final BlockingQueue<byte[]> spare;
    private final ToIntFunction<String> begin;
    private final LongConsumer progress;
    private final List<Future<?>> takers;
    private long bytes;

    Pieces(
            BlockingQueue<Piece> to,
            BlockingQueue<byte[]> spare,
            ToIntFunction<String> begin,
            LongConsumer progress,
            List<Future<?>> takers) {
        this.to = to;
        this.spare = spare;
        this.begin = begin;
        this.progress = progress;
        this.takers = takers;
    }

    void read(List<Input> inputs) throws Unreadable, InterruptedException {
        for (Input input : inputs) {
            try (InputStream in = input.open()) {
                read(input.name(), in);
            } catch (NoSuchFileException e) {
                throw new Unreadable("there is no file " + input.name());
            } catch (IOException e) {
                throw new Unreadable(
                        input.name() + " cannot be read: " + e.getClass().getSimpleName());
            }
        }
    }

    private void read(String name, InputStream in) throws IOException, InterruptedException {
        byte[] buffer = buffer();
        int length = 0;
        while (true) {
            int read = in.readNBytes(buffer, length, buffer.length - length);
            bytes += read;
            length += read;
            boolean isEnd = length < buffer.length;
            int end = isEnd ? length : afterLastLine(buffer, length);
            byte[] next = buffer();
            System.arraycopy(buffer, end, next, 0, length - end);
            if (end > 0) {
                put(to, new Piece(begin.applyAsInt(name), buffer, end), takers);
            }
            progress.accept(bytes);
            if (isEnd) {
                return;
            }
            length -= end;
            buffer = next;
        }
    }

    private static int afterLastLine(byte[] buffer, int length) {
        for (int i = length - 1; i >= 0; i--) {
            if (buffer[i] == '\n') {
                return i + 1;
            }
        }
        return length;
    }

    private byte[] buffer() {
        byte[] used = spare.poll();
        return used == null ? new byte[Replay.pieceSize()] : used;
    }

    /** Waits for room, for as long as somebody makes it. */
    static void put(BlockingQueue<Piece> to, Piece piece, List<Future<?>> takers) throws InterruptedException {
        while (!to.offer(piece, 1, TimeUnit.SECONDS)) {
            if (takers.stream().allMatch(Future::isDone)) {
                return;
            }
        }
    }
}
