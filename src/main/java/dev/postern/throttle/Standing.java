package dev.postern.throttle;

/** How well a name is known at a place. The nearer to the beginning, the sooner it is served. */
public enum Standing {
    /** It has signed in from there lately. */
    FAMILIAR,
    /** It has not, and the network rules of its account list the place. */
    LISTED,
    /** Neither. */
    OTHER
}
