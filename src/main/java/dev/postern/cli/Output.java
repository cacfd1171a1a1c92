package dev.postern.cli;

/** For whom a command prints. */
enum Output {
    /** A person. */
    TEXT,
    /** A program: one JSON document. */
    JSON
}
