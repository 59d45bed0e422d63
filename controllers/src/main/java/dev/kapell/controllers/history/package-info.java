/**
 * The templates that a DaemonSet or StatefulSet has had, as ControllerRevisions. Pure and without
 * state.
 *
 * <p>Entry type: {@link dev.kapell.controllers.history.History}.
 */
@NullMarked
package dev.kapell.controllers.history;

import org.jspecify.annotations.NullMarked;
