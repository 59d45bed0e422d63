package dev.kapell.host.packages;

/** Packages that could not be installed, in words fit for a person. */
public final class InstallFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The failure in words, with what to do. */
  public InstallFailure(String message) {
    super(message);
  }
}
