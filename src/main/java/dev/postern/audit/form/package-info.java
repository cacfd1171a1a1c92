/**
 * Other forms of an audit event, for those who collect events of many kinds: the same facts under the names of a common schema. Each is
 * one line of printable ASCII, so that it can go by any sink.
 */
@NullMarked
package dev.postern.audit.form;

import org.jspecify.annotations.NullMarked;
