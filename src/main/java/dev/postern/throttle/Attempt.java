package dev.postern.throttle;

/**
 * Somebody wants to sign in by name.
 *
 * @param origin from where
 * @param login the name as it was sent, whoever has it
 * @param standing how well it is known there
 */
public record Attempt(Origin origin, String login, Standing standing) {}
