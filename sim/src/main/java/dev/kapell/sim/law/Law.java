package dev.kapell.sim.law;

import dev.kapell.sim.story.Moment;

/** Something that always holds. A law may remember what it saw; there is one for each world. */
public interface Law {
  /** A change has just become durable. */
  default void at(Moment moment, Scene scene) {}

  /** Faults have ended long ago and nobody writes any more. */
  default void atRest(Scene scene) {}

  /** How it is called in stories. */
  default String title() {
    return getClass().getSimpleName();
  }
}
