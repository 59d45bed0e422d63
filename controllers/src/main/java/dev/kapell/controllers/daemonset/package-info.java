/**
 * One pod on every node that fits.
 *
 * <p>Entry type: {@link dev.kapell.controllers.daemonset.DaemonSetController}; the decision is
 * {@link dev.kapell.controllers.daemonset.Daemons}. No state.
 */
@NullMarked
package dev.kapell.controllers.daemonset;

import org.jspecify.annotations.NullMarked;
