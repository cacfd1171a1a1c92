package dev.postern.setup;

import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.fetch.client.OwnFolder;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.bundle.BundleAsking;
import dev.postern.policy.bundle.BundleReader;
import dev.postern.policy.load.PolicySource;
import dev.postern.policy.load.Unreadable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/** The documents of a policy, for commands: of files, of a bundle in a file, or of one that is asked for now. */
final class PolicyDesk {

    private PolicyDesk() {}

    static PolicySource open(PosternConfig config, String policy, PolicyCompiler compiler) {
        return switch (PolicyLocation.of(policy)) {
            case PolicyLocation.Local local
            when isBundle(local.path()) -> source(local.toString(), read(config, local.path()), compiler);
            case PolicyLocation.Local local -> PolicySource.files(local.path(), compiler);
            case PolicyLocation.Remote remote ->
                source(remote.url().withoutQuery(), ask(config, remote.url()), compiler);
        };
    }

    private static PolicySource source(String name, BundleReader.Result result, PolicyCompiler compiler) {
        return switch (result) {
            case BundleReader.Contents contents -> PolicySource.of(contents.documents(), compiler);
            case BundleReader.Refused refused ->
                now -> {
                    throw new Unreadable(name + ": " + refused.why());
                };
        };
    }

    private static boolean isBundle(Path path) {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(path)) {
            return BundleReader.isCompressed(in.readNBytes(2));
        } catch (IOException e) {
            // Whoever reads it next says why.
            return false;
        }
    }

    private static BundleReader.Result read(PosternConfig config, Path file) {
        long most = config.bundle().maxSize().asLongValue();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes((int) Math.min(most + 1, Integer.MAX_VALUE - 8));
            return bytes.length > most
                    ? new BundleReader.Refused("is larger than " + most + " bytes (postern.bundle.max-size)")
                    : BundleReader.read(
                            bytes,
                            file.toString(),
                            config.bundle().maxExpandedSize().asLongValue());
        } catch (IOException e) {
            return new BundleReader.Refused("cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static BundleReader.Result ask(PosternConfig config, HttpsUrl url) {
        BundleSettings settings = BundleSettings.read(config, url);
        Vertx vertx = vertx();
        try (HttpsFetcher fetcher = settings.fetcher(
                vertx,
                FetchTrust.of(BundleSettings.TLS, config.bundle().tlsConfigurationName(), Settings.raw()),
                InstantSource.system())) {
            Path directory = Files.createTempDirectory("postern-bundle");
            Path answer = new OwnFolder(directory).fetched();
            try {
                return new BundleAsking(settings.question(), fetcher).once(answer);
            } finally {
                Files.deleteIfExists(answer);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new StartFault("there is no room for answers in the directory for temporary files ("
                    + e.getClass().getSimpleName() + ")");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** As small as a command needs it. */
    static Vertx vertx() {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }
}
