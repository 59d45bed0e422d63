package dev.kapell.apiserver.openapi;

import dev.kapell.apiserver.discovery.Discovery;
import dev.kapell.apiserver.request.Catalog;
import dev.kapell.http.Headers;
import java.util.Optional;

/** Answers {@code /openapi/v2} and {@code /openapi/v3}. Thread-safe. */
public final class OpenApi {
  /** Describes what {@code catalog} serves. */
  public OpenApi(Catalog catalog) {}

  /** The document at {@code path}; empty when there is none. */
  public Optional<Discovery.Document> find(String path, Headers headers) {
    return Optional.empty();
  }
}
