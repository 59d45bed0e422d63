/**
 * What an operator sets of who may: other issuers of tokens, anonymous requests, Pod Security's
 * defaults. Entry type: {@link dev.kapell.apiserver.access.Access}. Read once, at the start.
 */
@NullMarked
package dev.kapell.apiserver.access;

import org.jspecify.annotations.NullMarked;
