/**
 * Pods with names and volumes of their own, in order.
 *
 * <p>Entry type: {@link dev.kapell.controllers.statefulset.StatefulSetController}; the decision is
 * {@link dev.kapell.controllers.statefulset.Ordered}. No state.
 */
@NullMarked
package dev.kapell.controllers.statefulset;

import org.jspecify.annotations.NullMarked;
