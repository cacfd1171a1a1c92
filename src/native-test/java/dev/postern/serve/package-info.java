/** The packaged artifact, started as an operator starts it: what it prints, answers and refuses to start on. */
package dev.postern.serve;
