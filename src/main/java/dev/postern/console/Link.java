package dev.postern.console;

/**
 * A link of a chain that is drawn: a hop of the evidence, a ruleset that was asked, what came of it. Public, as is all that a template
 * reads.
 *
 * @param kind what it is, in a word or two
 * @param title what was seen
 * @param finding what was made of it
 * @param tone how it is drawn: {@code plain}, {@code good}, {@code bad}, {@code note}
 * @param at where it stands in the policy; empty where it stands nowhere
 */
public record Link(String kind, String title, String finding, String tone, String at) {}
