package dev.postern.identity;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** A bounded pool for bcrypt: half the processors, so that passwords never starve tokens, and a short queue. */
public final class BcryptWorkers implements PasswordChecks, AutoCloseable {

    private static final int QUEUE = 128;

    private final ThreadPoolExecutor workers;

    /** Starts no thread before the first check. */
    public BcryptWorkers() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        this.workers = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), runnable -> {
                    Thread thread = new Thread(runnable, "postern-bcrypt");
                    thread.setDaemon(true);
                    return thread;
                });
        workers.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletableFuture<Boolean> matches(String password, String hash) {
        try {
            return CompletableFuture.supplyAsync(
                    () -> OpenBSDBCrypt.checkPassword(hash, password.toCharArray()), workers);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.failedFuture(new Overloaded());
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
