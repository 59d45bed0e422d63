package dev.kapell.sim.law;

import dev.kapell.sim.story.Picture;
import java.time.Duration;

/** What a law may look at, and whom it tells. */
public interface Scene {
  /** All objects as of the change that is looked at. */
  Picture picture();

  /** Since the world began. */
  Duration now();

  /**
   * How old the knowledge of somebody who acts may be at most: nothing in good weather, longer when
   * watches and writes are slow.
   */
  Duration slack();

  /** The law does not hold. */
  void broken(Law law, String text);
}
