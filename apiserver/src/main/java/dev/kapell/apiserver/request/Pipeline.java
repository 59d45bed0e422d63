package dev.kapell.apiserver.request;

import dev.kapell.client.ApiFailure;
import java.util.List;

/** Decode, admit, default, validate, compare-and-set: the one way to read and write objects. */
public interface Pipeline {
  /**
   * Answers a request that is authenticated and authorized. Blocks for the store: call it on a
   * virtual thread. Thread-safe.
   *
   * @throws ApiFailure when the request is refused; nothing is then written
   * @throws InterruptedException when the caller was interrupted; a write may or may not have
   *     happened
   */
  Answer handle(ApiRequest request) throws InterruptedException;

  /**
   * Answers each of {@code requests} as if it came alone, in any order; where they can, their
   * writes share a commit. A request that is refused stops none of the others.
   *
   * @return what came of each, in the same order
   * @throws InterruptedException as {@link #handle}
   */
  List<Outcome> handleAll(List<ApiRequest> requests) throws InterruptedException;

  /** What is served. */
  Catalog catalog();
}
