package dev.postern.feed;

import com.fasterxml.jackson.core.JacksonException;
import dev.postern.address.AddressSet;
import dev.postern.fetch.BoundedInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipException;

/**
 * Reads published files: whole, or not at all.
 *
 * <p>One prefix that is not strict, one list that is none, one byte too many, and nothing of the file is taken; nor is a
 * file that has nothing for the part asked for. What publishers add (further fields, further lists) is passed over.
 * Memory and time are bounded by the limits, whatever the bytes are.
 */
public final class FeedParser {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private FeedParser() {}

    /**
     * How much is read.
     *
     * @param bytes the size of a file, decompressed
     * @param prefixes how many of them
     */
    public record Limits(long bytes, int prefixes) {
        /** What holds where nothing else is set: 64 MiB and two million prefixes. */
        public static final Limits DEFAULTS = new Limits(64L * 1024 * 1024, 2_000_000);
    }

    /** What became of reading a file. */
    public sealed interface Result {}

    /**
     * The file is good.
     *
     * @param addresses what it has for the part asked for; never empty
     * @param prefixes how many prefixes it has for it
     */
    public record Parsed(AddressSet addresses, int prefixes) implements Result {}

    /** The file is not; {@code why} says what is wrong and where, in words of which the file chose few. */
    public record Refused(String why) implements Result {
        /** Takes control characters out, and bounds the length: some of it are the file's words. */
        public Refused {
            why = Words.shown(why, 500);
        }
    }

    /** Reads a file to its end; does not close it. */
    public static Result parse(InputStream file, Selection selection, Limits limits) {
        Prefixes prefixes = new Prefixes(limits.prefixes());
        try {
            Reader text = text(new BoundedInput(file, limits.bytes()));
            if (selection instanceof Selection.Lines) {
                LinesReader.read(text, prefixes);
            } else {
                JsonFeeds.read(text, selection, prefixes);
            }
        } catch (Refusal refusal) {
            return new Refused(refusal.why());
        } catch (BoundedInput.TooLong tooLong) {
            return new Refused("is larger than " + limits.bytes() + " bytes");
        } catch (JacksonException e) {
            return new Refused(JsonFeeds.explain(e));
        } catch (CharacterCodingException e) {
            return new Refused("is not text in UTF-8");
        } catch (ZipException e) {
            return new Refused("is not what its Content-Encoding says: gzip");
        } catch (IOException e) {
            return new Refused("cannot be read to its end (" + e.getClass().getSimpleName() + ")");
        }
        return prefixes.count() == 0
                ? new Refused("has no prefix for " + selection.text() + "; an empty feed is never taken")
                : new Parsed(prefixes.addresses(), prefixes.count());
    }

    /** UTF-8 and nothing else, whatever the bytes look like (RFC 8259 section 8.1). */
    static Reader text(InputStream in) throws IOException {
        BufferedReader text = new BufferedReader(new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
        text.mark(1);
        if (text.read() != BYTE_ORDER_MARK) {
            text.reset();
        }
        return text;
    }
}
