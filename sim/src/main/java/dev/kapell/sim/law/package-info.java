/**
 * What has to hold in a cluster whatever happens: one class a law, each checked at every revision
 * or when all is quiet. They are written from the documentation of the API, not from the
 * controllers.
 *
 * <p>Entry types: {@link dev.kapell.sim.law.Law}, {@link dev.kapell.sim.law.Laws}. All on the
 * world's lane.
 */
@NullMarked
package dev.kapell.sim.law;

import org.jspecify.annotations.NullMarked;
