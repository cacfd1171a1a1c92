/**
 * The OpenID AuthZEN Authorization API 1.0: {@code POST /access/v1/evaluation}, for whoever wants to ask what the same gate
 * says of a subject, a resource, an action and an address.
 *
 * <p>Who asks says who the subject is and where it comes from. So only callers are answered who are believed in that.
 */
@NullMarked
package dev.postern.door.authzen;

import org.jspecify.annotations.NullMarked;
