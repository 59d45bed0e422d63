/**
 * What the cluster's own rules add to a request or refuse, after defaults and before validation.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.admission.Admission}. Plugins keep no state; they read
 * other objects through {@link dev.kapell.apiserver.admission.Lookup}.
 */
@NullMarked
package dev.kapell.apiserver.admission;

import org.jspecify.annotations.NullMarked;
