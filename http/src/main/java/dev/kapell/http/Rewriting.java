package dev.kapell.http;

/** What a relay changes in an answer on its way through. Called by the exchange's own thread. */
public interface Rewriting {
  /** Changes nothing. */
  Rewriting NONE = new Rewriting() {};

  /**
   * Looks at the answer before any of it is passed on; not at one that switches protocols.
   *
   * @throws HttpFailure when the client is not to see it, with the status to answer instead
   */
  default void check(int status) throws HttpFailure {}

  /** The answer's headers as the client is to see them. */
  default Headers headers(Headers answer) {
    return answer;
  }

  /**
   * Whether {@link #body} is to be asked about the body of this answer. Such a body is held back
   * until it is complete, up to a megabyte; a larger one passes as it is.
   */
  default boolean takesBody(Headers answer) {
    return false;
  }

  /** The body as the client is to see it. */
  default byte[] body(byte[] whole) {
    return whole;
  }
}
