package dev.kapell.apiserver.authentication;

import java.util.List;
import java.util.Optional;

/** Knows one kind of bearer token. Thread-safe. */
public interface TokenSource {
  /**
   * The user of {@code token}; empty when it is none of this kind, or not good.
   *
   * @param audiences for whom it may be; empty: for the API server
   */
  Optional<Verified> verify(String token, List<String> audiences);
}
