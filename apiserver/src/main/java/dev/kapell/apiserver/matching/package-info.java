/**
 * Which writes a webhook or an admission policy is for: rules, selectors, equivalent versions.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.matching.Matching}. Immutable values.
 */
@NullMarked
package dev.kapell.apiserver.matching;

import org.jspecify.annotations.NullMarked;
