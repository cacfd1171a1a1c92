/** What tests of the whole service share: a policy of their own, a clock that can be set, requests as they are written. */
@NullMarked
package dev.postern.testing;

import org.jspecify.annotations.NullMarked;
