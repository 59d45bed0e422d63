/**
 * Worlds played from a seed: what people do, what breaks, the laws that are looked at meanwhile,
 * and how a failing world is made as small as it can be.
 *
 * <p>Entry types: {@link dev.kapell.sim.play.Scenario} says what happens, {@link
 * dev.kapell.sim.play.World} plays it, {@link dev.kapell.sim.play.Shrinker} takes away what is not
 * needed. Each world is played on one lane.
 */
@NullMarked
package dev.kapell.sim.play;

import org.jspecify.annotations.NullMarked;
