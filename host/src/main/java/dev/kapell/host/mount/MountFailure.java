package dev.kapell.host.mount;

/** The kernel's refusal of a mount or unmount. */
public final class MountFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /** A refusal in words, with the error number. */
  public MountFailure(String message, int errno) {
    super(message);
    this.errno = errno;
  }

  /** The kernel's error number, for instance 1 (EPERM). */
  public int errno() {
    return errno;
  }
}
