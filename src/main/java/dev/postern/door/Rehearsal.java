package dev.postern.door;

/**
 * What a door does with a request before it is decided, and with the decision after that, done for nobody: so that the first
 * caller finds code that has run before. Nothing is answered, counted or recorded by it.
 */
public interface Rehearsal {

    /** Once more. Does nothing where the door is closed. */
    void rehearse();
}
