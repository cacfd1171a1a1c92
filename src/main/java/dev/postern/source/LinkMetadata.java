package dev.postern.source;

import java.util.Map;
import java.util.Optional;

/**
 * What a proxy hands on, beside a request, of the additional fields of the PROXY protocol header by which its connection came:
 * metadata, under keys of the operator's choice. The connection's peer is then the address that this header named.
 */
public sealed interface LinkMetadata {

    /** None is handed on. */
    record None() implements LinkMetadata {}

    /**
     * The fields by key, in one form or in both. A field's text is its bytes in Base64 (RFC 4648 section 4); or its bytes read
     * as UTF-8, with an exclamation mark in place of each that cannot be.
     *
     * @param bytes the fields as they stood in the header; empty where the proxy does not send this form
     * @param text the fields as text; empty where the proxy does not send this form
     */
    record Fields(Optional<Map<String, byte[]>> bytes, Optional<Map<String, String>> text) implements LinkMetadata {
        /** Keeps its own copies of the maps. */
        public Fields {
            bytes = bytes.map(Map::copyOf);
            text = text.map(Map::copyOf);
        }
    }

    /**
     * Something is handed on, and cannot be read as fields.
     *
     * @param what what it is, in a few words for the evidence
     */
    record Unreadable(String what) implements LinkMetadata {}
}
