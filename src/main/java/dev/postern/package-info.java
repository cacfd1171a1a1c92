/** The entry point of the program. */
@NullMarked
package dev.postern;

import org.jspecify.annotations.NullMarked;
