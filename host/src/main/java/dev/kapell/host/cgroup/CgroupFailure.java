package dev.kapell.host.cgroup;

import java.io.IOException;

/** A control group that could not be made, changed or read. */
public final class CgroupFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The failure in words. */
  public CgroupFailure(String message, IOException cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}
