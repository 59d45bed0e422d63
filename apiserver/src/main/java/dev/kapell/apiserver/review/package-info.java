/**
 * Questions about users and rights: token reviews, access reviews, {@code kubectl auth can-i}.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.review.Reviews}. Stateless.
 */
@NullMarked
package dev.kapell.apiserver.review;

import org.jspecify.annotations.NullMarked;
