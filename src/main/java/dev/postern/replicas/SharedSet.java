package dev.postern.replicas;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lines, each with the time from which on nobody needs it: a sorted set, scored by that time in seconds, and beside it a word
 * that changes whenever a line is added. Who finds the word changed reads the set, and adds what it misses there; so a Redis
 * that has lost everything has it again after the next round.
 */
final class SharedSet implements Part {

    /** More than these are not read: of those that are needed longest, the first. */
    static final int MOST = 20_000;

    private static final int MOST_OF_A_LINE = 16 * 1024;
    private static final int AT_ONCE = 500;
    /** How often the times are written again, some of which move on. */
    private static final Duration RENEWAL = Duration.ofHours(1);

    private final SecureRandom random = new SecureRandom();
    private final Vertx vertx;
    private final String set;
    private final String word;
    private final Lines contents;
    private @Nullable Optional<String> seen;
    private Set<String> there = Set.of();
    private Compared compared = new Compared(Map.of(), Set.of());
    private Instant renewed = Instant.MIN;

    /** What was found to be the same here and there. */
    private record Compared(Map<String, Instant> here, Set<String> there) {}

    /**
     * @param vertx whose workers hear what is read
     * @param key where it is
     */
    SharedSet(Vertx vertx, String key, Lines contents) {
        this.vertx = vertx;
        this.set = key;
        this.word = key + ":word";
        this.contents = contents;
    }

    @Override
    public Future<Void> round(Link link, Instant now) {
        return link.send(List.of(Request.cmd(Command.GET).arg(word))).compose(answers -> {
            Optional<String> said = Optional.ofNullable(answers.getFirst()).map(Response::toString);
            Future<Void> read = said.equals(seen) ? Future.succeededFuture() : read(link, said, now);
            return read.compose(done -> add(link, now));
        });
    }

    private Future<Void> read(Link link, Optional<String> said, Instant now) {
        Request all = Request.cmd(Command.ZREVRANGEBYSCORE)
                .arg(set)
                .arg("+inf")
                .arg(now.getEpochSecond())
                .arg("LIMIT")
                .arg(0)
                .arg(MOST);
        return link.send(List.of(all)).compose(answers -> {
            Set<String> lines = new LinkedHashSet<>();
            Response found = answers.getFirst();
            for (int i = 0; found != null && i < Math.min(found.size(), MOST); i++) {
                byte[] line = found.get(i).toBytes();
                if (line.length <= MOST_OF_A_LINE) {
                    lines.add(new String(line, UTF_8));
                }
            }
            return vertx.<Void>executeBlocking(() -> {
                        contents.heard(lines, now);
                        return null;
                    })
                    .onSuccess(heard -> {
                        there = lines;
                        seen = said;
                    });
        });
    }

    private Future<Void> add(Link link, Instant now) {
        Map<String, Instant> here = contents.here(now);
        boolean renew = renewed.isBefore(now.minus(RENEWAL));
        if (!renew && compared.here() == here && compared.there() == there) {
            return Future.succeededFuture();
        }
        List<Request> missing = new ArrayList<>();
        here.forEach((line, until) -> {
            if (until.isAfter(now) && (renew || !there.contains(line))) {
                missing.add(Request.cmd(Command.ZADD)
                        .arg(set)
                        .arg(until.getEpochSecond())
                        .arg(line));
            }
        });
        Set<String> comparedWith = there;
        return send(link, missing, now).map(done -> {
            compared = new Compared(here, comparedWith);
            renewed = renew ? now : renewed;
            if (!missing.isEmpty()) {
                // What was written is read, too: it may be gone again by then.
                seen = null;
            }
            return null;
        });
    }

    private Future<Void> send(Link link, List<Request> missing, Instant now) {
        if (missing.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Request> commands = new ArrayList<>(missing.subList(0, Math.min(missing.size(), AT_ONCE)));
        List<Request> rest = missing.subList(commands.size(), missing.size());
        commands.add(Request.cmd(Command.ZREMRANGEBYSCORE).arg(set).arg("-inf").arg("(" + now.getEpochSecond()));
        // Last: who finds it changed finds the lines.
        commands.add(Request.cmd(Command.SET).arg(word).arg(HexFormat.of().toHexDigits(random.nextLong())));
        return link.send(commands).compose(done -> send(link, rest, now));
    }
}
