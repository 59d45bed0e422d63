/**
 * Pod Security admission: what pods of a namespace may ask of their node, by the three levels of
 * the Pod Security Standards.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.podsecurity.PodSecurity}. The checks are rows of
 * {@link dev.kapell.apiserver.podsecurity.BaselineChecks} and {@link
 * dev.kapell.apiserver.podsecurity.RestrictedChecks}; everything here is pure and without state.
 */
@NullMarked
package dev.kapell.apiserver.podsecurity;

import org.jspecify.annotations.NullMarked;
