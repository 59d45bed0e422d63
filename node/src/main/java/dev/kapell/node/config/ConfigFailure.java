package dev.kapell.node.config;

/**
 * The pod asks for something that is not there, or that this node refuses. The message is for the
 * pod's events.
 */
public final class ConfigFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the sentence that a person reads. */
  public ConfigFailure(String message) {
    super(message, null, false, false);
  }
}
