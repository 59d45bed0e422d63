package dev.kapell.host.runtime;

import org.jspecify.annotations.Nullable;

/** The runtime's refusal or silence. The message is fit for a pod's events. */
public final class RuntimeFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What a caller may want to tell apart. */
  public enum Kind {
    /** The container, sandbox or image is not there. */
    NOT_FOUND,
    /** Nobody answers on the socket: the runtime is down or not up yet. Try again. */
    UNAVAILABLE,
    /** No answer in time; for exec: the command took too long and was killed. */
    DEADLINE_EXCEEDED,
    /** The name in the registry does not exist, or we may not see it. {@code ErrImagePull}. */
    IMAGE_NOT_FOUND,
    /** The registry refused our credentials, or wants some. */
    IMAGE_DENIED,
    /** Any other trouble while fetching an image: network, disk, damaged content. */
    IMAGE_PULL_FAILED,
    /** The image's name cannot be read. {@code InvalidImageName}. */
    INVALID_IMAGE_NAME,
    /** The command could not be started. {@code StartError}. */
    START_FAILED,
    /** The name or id is taken. */
    ALREADY_EXISTS,
    /** This runtime cannot do that. */
    UNSUPPORTED,
    /** The calling thread was interrupted. */
    INTERRUPTED,
    /** Everything else. */
    OTHER
  }

  private final Kind kind;

  /** A failure that says what happened in words. */
  public RuntimeFailure(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** A failure without a cause below it. */
  public RuntimeFailure(Kind kind, String message) {
    this(kind, message, null);
  }

  /** What kind of failure. */
  public Kind kind() {
    return kind;
  }

  /** Whether {@link #kind} is {@code kind}. */
  public boolean is(Kind other) {
    return kind == other;
  }
}
