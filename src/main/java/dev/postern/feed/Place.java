package dev.postern.feed;

/**
 * A text of a file, and where it stands. The parts of its JSON Pointer (RFC 6901) are put together only when somebody
 * wants to know: a file has many texts and hardly ever a mistake.
 *
 * @param value the text
 * @param list the pointer of the list that it stands in; empty in plain text
 * @param index its place in the list
 * @param member the rest of the pointer
 * @param line counted from 1
 * @param column counted from 1; 0 where the line says enough
 */
record Place(String value, String list, int index, String member, int line, int column) {

    static Place ofLine(String value, int line) {
        return new Place(value, "", 0, "", line, 0);
    }

    String where() {
        String position = column == 0 ? "line " + line : "line " + line + ", column " + column;
        return list.isEmpty() ? position : list + "/" + index + member + " (" + position + ")";
    }
}
