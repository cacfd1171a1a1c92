package dev.postern.token;

/** How a token's header names the key that signed it. */
public enum KeyIdForm {
    /** The certificate chain, {@code x5c}: the only form that Distribution 2.8, 3.0 and 3.1 all accept. */
    X5C,
    /** A {@code kid} in libtrust's form, which Distribution 2.8 alone accepts. */
    LIBTRUST,
    /** A {@code kid} that is the RFC 7638 thumbprint: RS256 from Distribution 3.0, ES256 from 3.1. */
    THUMBPRINT
}
