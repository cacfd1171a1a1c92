package dev.postern.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas with a real Redis between them: what each hears, and what becomes of it when Redis fails. */
class ExchangeIT {

    private static final String SET = "{postern:registry}:revocations";
    private static final String LOG = "{postern:registry}:guesses";
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private RedisServer server;
    private Redis admin;
    private final List<Replica> replicas = new ArrayList<>();

    @BeforeEach
    void redis() throws Exception {
        server = RedisServer.start(directory);
        admin = Redis.createClient(vertx, server.url());
    }

    @AfterEach
    void end() throws Exception {
        replicas.forEach(replica -> replica.exchange.exchange().close());
        admin.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        server.close();
    }

    /** A replica that writes down what it hears. */
    private final class Replica {
        private volatile Map<String, Instant> own = Map.of();
        private final Set<String> heard = ConcurrentHashMap.newKeySet();
        private final Map<String, Instant> keys = Map.of();
        private final List<String> guesses = new CopyOnWriteArrayList<>();
        private final List<Exchange.State> changes = new CopyOnWriteArrayList<>();
        private final Replicas exchange;

        Replica(String service) {
            Lines revocations = new Lines() {
                @Override
                public Map<String, Instant> here(Instant now) {
                    return own;
                }

                @Override
                public void heard(Set<String> lines, Instant now) {
                    heard.addAll(lines);
                }
            };
            Lines none = new Lines() {
                @Override
                public Map<String, Instant> here(Instant now) {
                    return keys;
                }

                @Override
                public void heard(Set<String> lines, Instant now) {}
            };
            exchange = new Replicas(
                    vertx,
                    Redis.createClient(vertx, server.url()),
                    InstantSource.system(),
                    new Replicas.Shared(
                            service,
                            () -> {},
                            revocations,
                            none,
                            (guess, at) -> guesses.add(guess),
                            Duration.ofHours(1)),
                    changes::add);
            replicas.add(this);
        }

        Replica begin() {
            exchange.exchange().begin();
            return this;
        }

        void say(String... lines) {
            Map<String, Instant> more = new LinkedHashMap<>(own);
            for (String line : lines) {
                more.put(line, Instant.now().plusSeconds(3600));
            }
            own = more;
        }

        boolean isStale() {
            return exchange.exchange().state().isStale(Instant.now());
        }
    }

    private Replica replica() {
        return new Replica("registry").begin();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plus(SOON);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(end);
            Thread.sleep(10);
        }
    }

    private @Nullable Response ask(Command command, Object... arguments) throws Exception {
        Request request = Request.cmd(command);
        for (Object argument : arguments) {
            request.arg(argument.toString());
        }
        return admin.send(request).toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Test
    void whatOneSaysAllHearWithinASecond() throws Exception {
        // Given
        Replica one = replica();
        Replica other = replica();
        await("both are connected", () -> !one.isStale() && !other.isStale());

        // When
        Instant said = Instant.now();
        one.say("a line", "another");
        one.exchange.tell("a guess");

        // Then
        await("lines are heard", () -> other.heard.containsAll(Set.of("a line", "another")));
        await("guesses are heard", () -> other.guesses.equals(List.of("a guess")));
        System.out.printf(
                "Replicas: heard after %d ms.%n",
                Duration.between(said, Instant.now()).toMillis());
        assertThat(Duration.between(said, Instant.now())).isLessThan(Duration.ofSeconds(5));
        Thread.sleep(500);
        assertThat(one.guesses).as("one does not hear itself").isEmpty();
        assertThat(other.guesses).as("once").hasSize(1);
    }

    @Test
    void whoComesLaterHearsWhatWasSaidBefore() throws Exception {
        // Given
        Replica one = replica();
        one.say("a line");
        for (int i = 0; i < 2500; i++) {
            one.exchange.tell("guess " + i);
        }
        await("all is told", () -> size(LOG, Command.XLEN) == 2500 && size(SET, Command.ZCARD) == 1);

        // When
        Replica other = replica();

        // Then: more than a page of it, in order
        await("all is heard", () -> other.guesses.size() == 2500 && other.heard.contains("a line"));
        assertThat(other.guesses.getFirst()).isEqualTo("guess 0");
        assertThat(other.guesses.getLast()).isEqualTo("guess 2499");
    }

    private long size(String key, Command command) {
        try {
            Response answer = ask(command, key);
            return answer == null ? 0 : answer.toLong();
        } catch (Exception e) {
            return -1;
        }
    }

    @Test
    void whoSharesRedisWithAnotherServiceHearsNothingOfIt() throws Exception {
        // Given
        Replica one = replica();
        Replica other = new Replica("another").begin();
        one.say("a line");
        one.exchange.tell("a guess");

        // When
        await("it is there", () -> size(SET, Command.ZCARD) == 1 && size(LOG, Command.XLEN) == 1);
        long before = other.exchange.exchange().rounds();
        await("rounds go on", () -> other.exchange.exchange().rounds() > before + 2);

        // Then
        assertThat(other.heard).isEmpty();
        assertThat(other.guesses).isEmpty();
    }

    @Test
    void aRedisThatHasLostEverythingHasItAgain() throws Exception {
        // Given
        Replica one = replica();
        Replica other = replica();
        one.say("of one");
        other.say("of the other");
        await("both have heard", () -> one.heard.contains("of the other") && other.heard.contains("of one"));

        // When
        server.kill();
        await("both have noticed", () -> one.isStale() && other.isStale());
        one.say("meanwhile");
        one.exchange.tell("a guess meanwhile");
        server.startAgain();

        // Then
        await("all lines are there again", () -> size(SET, Command.ZCARD) == 3);
        await("what was said meanwhile is heard", () -> other.heard.contains("meanwhile"));
        await("the guess is heard", () -> other.guesses.contains("a guess meanwhile"));
        await("nothing is stale", () -> !one.isStale() && !other.isStale());
        Replica third = replica();
        await("a third hears all of it", () -> third.heard.containsAll(Set.of("of one", "of the other", "meanwhile")));
        assertThat(one.changes.stream().map(state -> state.trouble().isPresent()))
                .startsWith(false)
                .contains(true)
                .endsWith(false);
    }

    @Test
    void emptiedWhileItRunsItIsFilledAgain() throws Exception {
        // Given
        Replica one = replica();
        one.say("a line");
        await("it is there", () -> size(SET, Command.ZCARD) == 1);

        // When
        ask(Command.FLUSHALL);

        // Then
        await("it is there again", () -> size(SET, Command.ZCARD) == 1);
    }

    @Test
    void aRedisThatHangsIsNoticedAndHeardAgainWhenItGoesOn() throws Exception {
        // Given
        Replica one = replica();
        Replica other = replica();
        await("both are connected", () -> !one.isStale() && !other.isStale());

        // When
        server.freeze();
        await("it is noticed", () -> one.isStale());
        one.say("meanwhile");
        long failures = one.exchange.exchange().failures();
        await("it is tried again", () -> one.exchange.exchange().failures() > failures + 1);
        server.thaw();

        // Then
        await("it is heard", () -> other.heard.contains("meanwhile"));
        await("nothing is stale", () -> !one.isStale());
        assertThat(connections()).as("those that timed out are closed").isLessThan(10);
    }

    private long connections() throws Exception {
        Response clients = ask(Command.INFO, "clients");
        return clients == null
                ? 0
                : clients.toString()
                        .lines()
                        .filter(line -> line.startsWith("connected_clients:"))
                        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void aRedisThatWasNeverThereIsFoundOnceItIs() throws Exception {
        // Given
        server.kill();
        Replica one = replica();
        one.say("a line");
        await("it is tried", () -> one.exchange.exchange().failures() > 1);
        assertThat(one.isStale()).isTrue();

        // When
        server.startAgain();

        // Then
        await("it is told", () -> size(SET, Command.ZCARD) == 1);
        await("and heard", () -> !one.isStale());
    }

    @Test
    void whatIsNotOfTheFormIsLeftOut() throws Exception {
        // Given: entries that nobody here has written
        ask(Command.XADD, LOG, "*", "e", "without-a-space");
        ask(Command.XADD, LOG, "*", "another", "x field");
        ask(Command.XADD, LOG, "*", "e", "x two", "e", "x fields");
        ask(Command.XADD, LOG, "*", "e", "x " + "y".repeat(300));
        ask(Command.XADD, LOG, "*", "e", "x good");
        ask(Command.ZADD, SET, Instant.now().plusSeconds(60).getEpochSecond(), "z".repeat(20_000));
        ask(Command.ZADD, SET, Instant.now().minusSeconds(60).getEpochSecond(), "over");
        ask(Command.ZADD, SET, Instant.now().plusSeconds(60).getEpochSecond(), "good");
        ask(Command.SET, SET + ":word", "word");

        // When
        Replica one = replica();

        // Then
        await("what is good is heard", () -> one.guesses.contains("good") && one.heard.contains("good"));
        assertThat(one.guesses).containsExactly("good");
        assertThat(one.heard).containsExactly("good");
    }

    @Test
    void aKeyOfAnotherTypeIsTroubleAndNoMoreThanThat() throws Exception {
        // Given
        ask(Command.SET, LOG, "not a stream");

        // When
        Replica one = replica();
        Replica other = replica();
        one.say("a line");

        // Then: the lines come before the log in a round
        await("the lines are heard", () -> other.heard.contains("a line"));
        await("it is told", () -> one.exchange.exchange().state().trouble().isPresent());
        assertThat(one.exchange.exchange().state().trouble().orElseThrow()).endsWith("WRONGTYPE");
        assertThat(one.isStale()).isTrue();
        ask(Command.DEL, LOG);
        await("it goes on", () -> !one.isStale());
    }

    @Test
    void lineByLineThereAreAsManyAsFit() throws Exception {
        // Given
        Replica one = replica();
        Set<String> lines = new HashSet<>();
        for (int i = 0; i < 1700; i++) {
            lines.add("line " + i);
        }

        // When
        one.say(lines.toArray(String[]::new));

        // Then
        Replica other = replica();
        await("all are heard", () -> other.heard.containsAll(lines));
    }

    @Test
    void guessesThatCannotBeToldAreDroppedSomeTime() throws Exception {
        // Given
        server.kill();
        Replica one = replica();

        // When
        for (int i = 0; i < 10_000; i++) {
            one.exchange.tell("guess " + i);
        }

        // Then
        assertThat(one.exchange.untold()).isEqualTo(10_000 - 4096);
    }
}
