package dev.kapell.host.net;

import org.jspecify.annotations.Nullable;

/** A change of the network that the kernel or its tool refused. */
public final class NetworkFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The refusal in words. */
  public NetworkFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
