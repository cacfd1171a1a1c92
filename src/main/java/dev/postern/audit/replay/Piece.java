package dev.postern.audit.replay;

/**
 * Some whole lines of a file.
 *
 * @param number the piece's, over all files, from 0
 */
record Piece(int number, byte[] bytes, int length) {}
