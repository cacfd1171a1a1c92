package dev.postern.identity.oidc;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that verify signatures of others. */
final class Verifiers {

    private static final int QUEUE = 1024;

    private Verifiers() {}

    /** Half of the processors: tokens of others never starve our own. What waits is bounded, and the rest refused. */
    static ExecutorService start() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        ThreadPoolExecutor verifiers = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), runnable -> {
                    Thread thread = new Thread(runnable, "postern-tokens");
                    thread.setDaemon(true);
                    return thread;
                });
        verifiers.allowCoreThreadTimeOut(true);
        return verifiers;
    }
}
