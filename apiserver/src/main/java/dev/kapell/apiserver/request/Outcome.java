package dev.kapell.apiserver.request;

import dev.kapell.client.ApiFailure;

/** What came of one request among several. */
public sealed interface Outcome {
  /** It was done. */
  record Done(Answer answer) implements Outcome {}

  /** It was refused; nothing was written for it. */
  record Refused(ApiFailure failure) implements Outcome {}

  /** Something that answers or refuses. */
  @FunctionalInterface
  interface Asked {
    /** The answer. */
    Answer ask() throws InterruptedException;
  }

  /** Asks. */
  static Outcome of(Asked asked) throws InterruptedException {
    try {
      return new Done(asked.ask());
    } catch (ApiFailure e) {
      return new Refused(e);
    }
  }
}
