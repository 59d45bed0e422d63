/**
 * A service account called {@code default} in every namespace.
 *
 * <p>Entry type: {@link dev.kapell.controllers.serviceaccount.ServiceAccountController}. No state.
 */
@NullMarked
package dev.kapell.controllers.serviceaccount;

import org.jspecify.annotations.NullMarked;
