package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.request.Answer;
import dev.kapell.client.ApiFailure;

/**
 * A write that is worked out up to its commit. Several of them can be sent before the first is
 * awaited, so that they share a commit of the store; each still succeeds or fails on its own. One
 * thread's.
 */
interface Staged {
  /** Something that has its answer already. */
  static Staged of(Answer answer) {
    return () -> answer;
  }

  /** Something that is refused already. */
  static Staged refused(ApiFailure failure) {
    return () -> {
      throw failure;
    };
  }

  /**
   * Hands it to the store, where it can be sent ahead.
   *
   * @param pass what was sent before it
   * @throws ApiFailure when it is refused, by what others of the pass take for instance; {@link
   *     #end} then tells
   */
  default void send(Pass pass) {}

  /**
   * Waits for the commit, and begins again as often as somebody else wrote in between; commits what
   * was not sent.
   */
  Answer end() throws InterruptedException;
}
