package dev.postern.console;

/**
 * What the form shows by which people sign in.
 *
 * @param trouble what was wrong; empty at first
 * @param hasToken whether the token is taken
 * @param issuer the issuer by whom people sign in; empty where there is none
 */
public record LoginView(String trouble, boolean hasToken, String issuer) {}
