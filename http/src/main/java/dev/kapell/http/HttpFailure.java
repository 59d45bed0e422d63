package dev.kapell.http;

import java.io.IOException;

/** A request that cannot be read: too large, too slow, broken off. Carries the status to answer. */
public final class HttpFailure extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /** With the status to answer and a sentence for the sender. */
  public HttpFailure(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The HTTP status that fits, for instance 413. */
  public int status() {
    return status;
  }
}
