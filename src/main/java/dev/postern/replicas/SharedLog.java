package dev.postern.replicas;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * Events, which all hear of once, in order: a stream that is cut off at some length. Who comes later hears what is still there.
 * Events that cannot be told for long are dropped: they are worth little then.
 */
final class SharedLog implements Part {

    private static final int PENDING = 4096;
    private static final int AT_ONCE = 256;
    private static final int PAGE = 1000;
    private static final int MOST_PAGES = 50;
    private static final int KEPT = 20_000;
    private static final int MOST_OF_AN_EVENT = 256;
    private static final String FIELD = "e";

    private final String stream;
    private final Duration memory;
    private final BiConsumer<String, Instant> hearer;
    private final String self = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    private final ArrayBlockingQueue<String> pending = new ArrayBlockingQueue<>(PENDING);
    private final AtomicLong dropped = new AtomicLong();
    private String last = "";

    /**
     * @param key where the stream is
     * @param memory how old what is heard at first may be
     * @param hearer what others say, and when it was said
     */
    SharedLog(String key, Duration memory, BiConsumer<String, Instant> hearer) {
        this.stream = key;
        this.memory = memory;
        this.hearer = hearer;
    }

    /** To be told in the next round. Never blocks. */
    void say(String event) {
        if (!pending.offer(event)) {
            dropped.incrementAndGet();
        }
    }

    /** How many could not be told. */
    long dropped() {
        return dropped.get();
    }

    @Override
    public Future<Void> round(Link link, Instant now) {
        if (last.isEmpty()) {
            last = now.minus(memory).toEpochMilli() + "-0";
        }
        List<String> told = new ArrayList<>();
        pending.drainTo(told, AT_ONCE);
        List<Request> commands = new ArrayList<>();
        for (String event : told) {
            commands.add(Request.cmd(Command.XADD)
                    .arg(stream)
                    .arg("MAXLEN")
                    .arg("~")
                    .arg(KEPT)
                    .arg("*")
                    .arg(FIELD)
                    .arg(self + " " + event));
        }
        if (commands.isEmpty()) {
            return hear(link, now, MOST_PAGES);
        }
        return link.send(commands)
                // Perhaps they were heard nevertheless: a guess that counts twice does no harm.
                .onFailure(failure -> told.forEach(this::say))
                .compose(done -> hear(link, now, MOST_PAGES));
    }

    private Future<Void> hear(Link link, Instant now, int pages) {
        Request next = Request.cmd(Command.XRANGE)
                .arg(stream)
                .arg("(" + last)
                .arg("+")
                .arg("COUNT")
                .arg(PAGE);
        return link.send(List.of(next)).compose(answers -> {
            Response entries = answers.getFirst();
            int count = entries == null ? 0 : entries.size();
            for (int i = 0; i < count && entries != null; i++) {
                hear(entries.get(i), now);
            }
            return count == PAGE && pages > 1 ? hear(link, now, pages - 1) : Future.succeededFuture();
        });
    }

    /** An entry is its id, {@code MILLISECONDS-NUMBER}, and its fields and values in turn. */
    private void hear(Response entry, Instant now) {
        String id = entry.get(0).toString();
        last = id;
        Response fields = entry.get(1);
        if (fields == null || fields.size() != 2 || !fields.get(0).toString().equals(FIELD)) {
            return;
        }
        String event = fields.get(1).toString();
        int space = event.indexOf(' ');
        if (space < 0 || event.length() > MOST_OF_AN_EVENT || event.startsWith(self)) {
            return;
        }
        Instant said = Instant.ofEpochMilli(Long.parseLong(id.substring(0, id.indexOf('-'))));
        hearer.accept(event.substring(space + 1), said.isAfter(now) ? now : said);
    }
}
