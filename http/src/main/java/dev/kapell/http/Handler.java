package dev.kapell.http;

/** Answers requests. */
@FunctionalInterface
public interface Handler {
  /** Begins with a request. */
  @FunctionalInterface
  interface Start {
    /**
     * Has {@code handler} answer on a virtual thread of the request's own; returns at once, false
     * when the server closes and nobody answers any more.
     */
    boolean with(Handler handler);
  }

  /**
   * A request's head has come: calls {@code start}, once, here or later, wherever it likes. Called
   * on an event loop; must not block.
   */
  default void accept(Exchange exchange, Start start) {
    boolean ignored = start.with(this);
  }

  /**
   * Answers {@code exchange}, once. May block. An exception before the answer becomes {@link
   * HttpFailure#status} or 500; returning without an answer becomes 500.
   */
  void handle(Exchange exchange) throws Exception;
}
