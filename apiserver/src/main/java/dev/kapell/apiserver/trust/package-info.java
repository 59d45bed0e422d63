/**
 * Who may say in a signer's name which authorities are to be trusted.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.trust.TrustAttestation}. No state.
 */
@NullMarked
package dev.kapell.apiserver.trust;

import org.jspecify.annotations.NullMarked;
