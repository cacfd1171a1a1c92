package dev.postern.console;

/**
 * What every page has.
 *
 * @param name the page's name in its address
 * @param title its title
 * @param version which Postern this is
 * @param assets part of the addresses of style sheet and script
 * @param isSignedIn whether there is a session that can be ended
 */
public record Page(String name, String title, String version, String assets, boolean isSignedIn) {}
