/**
 * Policies as text: for commands that make a policy of something else.
 *
 * <p>What a policy is to say stands in a few records; {@link dev.postern.policy.writing.PolicyWriter} alone turns them into
 * YAML. Their texts may come from anywhere: whatever a name, a note or a comment holds, it stays one scalar or one comment, and
 * what is written is printable ASCII. Plain Java without I/O.
 */
@NullMarked
package dev.postern.policy.writing;

import org.jspecify.annotations.NullMarked;
