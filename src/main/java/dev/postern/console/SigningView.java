package dev.postern.console;

/**
 * What came of signing in by the issuer, or out.
 *
 * @param trouble what was wrong; empty where nothing was
 * @param hint what may be done
 * @param issuer the issuer
 * @param signOut where people sign out at it; empty where that is not known
 * @param again what the link back to the form says
 */
public record SigningView(String trouble, String hint, String issuer, String signOut, String again) {}
