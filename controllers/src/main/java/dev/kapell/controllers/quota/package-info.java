/**
 * What is used of each ResourceQuota.
 *
 * <p>Entry type: {@link dev.kapell.controllers.quota.QuotaController}. No state.
 */
@NullMarked
package dev.kapell.controllers.quota;

import org.jspecify.annotations.NullMarked;
