package dev.kapell.client;

import dev.kapell.api.meta.v1.Status;

/**
 * The server's refusal, as a value that is thrown: it has no stack trace and carries the {@link
 * Status} that an HTTP client would read.
 */
public final class ApiFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Status status;

  /** A refusal with its status; {@code status.message()} is this exception's message. */
  public ApiFailure(Status status) {
    super(status.messageOr(status.reasonOr("Unknown")), null, false, false);
    this.status = status;
  }

  /** The whole answer. */
  public Status status() {
    return status;
  }

  /** The HTTP code, for instance 409. */
  public int code() {
    return status.codeOr(500);
  }

  /** Kubernetes' word for it, for instance {@code AlreadyExists}. */
  public String reason() {
    return status.reasonOr("Unknown");
  }

  /** The object is not there. */
  public boolean isNotFound() {
    return code() == 404;
  }

  /** Somebody else wrote first; read again and decide again. */
  public boolean isConflict() {
    return code() == 409 && reason().equals("Conflict");
  }

  /** The name is taken. */
  public boolean isAlreadyExists() {
    return reason().equals("AlreadyExists");
  }

  /** The revision asked for is no longer kept; list again. */
  public boolean isExpired() {
    return code() == 410;
  }
}
