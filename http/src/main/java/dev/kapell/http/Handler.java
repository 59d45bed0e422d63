package dev.kapell.http;

/** Answers requests. Called on a virtual thread of the request's own; may block. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers {@code exchange}, once. An exception before the answer becomes {@link
   * HttpFailure#status} or 500; returning without an answer becomes 500.
   */
  void handle(Exchange exchange) throws Exception;
}
