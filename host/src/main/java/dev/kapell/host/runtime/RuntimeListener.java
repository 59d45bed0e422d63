package dev.kapell.host.runtime;

/**
 * Who wants to know what happens to containers. Called on one thread, one call at a time, in order;
 * must return quickly (wake somebody, do no work).
 */
public interface RuntimeListener {
  /** Something happened to one container or sandbox. */
  void event(RuntimeEvent event);

  /**
   * Events may have been missed, or the subscription has just begun: look at everything.
   *
   * @param reason for the log
   */
  void resync(String reason);
}
