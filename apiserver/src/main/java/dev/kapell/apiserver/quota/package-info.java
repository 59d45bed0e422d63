/**
 * What objects take from the quotas of their namespace.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.quota.Quota}. Pure: who counts, and when, is the
 * registry's.
 */
@NullMarked
package dev.kapell.apiserver.quota;

import org.jspecify.annotations.NullMarked;
