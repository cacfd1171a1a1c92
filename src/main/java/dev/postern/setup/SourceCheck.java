package dev.postern.setup;

import dev.postern.source.Connection;
import dev.postern.source.Source;
import dev.postern.source.SourceResolver;

/** Resolves a source as the server would, without serving anybody. */
public final class SourceCheck {

    private SourceCheck() {}

    /** The source of a request that came by this connection, by these settings. */
    public static Source resolve(PosternConfig config, Connection connection) {
        return new SourceResolver(SourceSettingsReader.read(config)).resolve(connection);
    }
}
