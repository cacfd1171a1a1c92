package dev.postern.policy;

/**
 * A place in a policy document.
 *
 * @param file the document's name as the operator knows it
 * @param line counted from 1
 * @param column counted from 1
 */
public record Position(String file, int line, int column) {

    /** {@code file:line:column}, the form that editors and terminals make clickable. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
