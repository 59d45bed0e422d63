/**
 * The trust bundle of the API server's own signer, so that pods find the authority under the name
 * that Kubernetes gives it.
 *
 * <p>Entry type: {@link dev.kapell.controllers.trustbundle.TrustBundleController}. No state.
 */
@NullMarked
package dev.kapell.controllers.trustbundle;

import org.jspecify.annotations.NullMarked;
