package dev.kapell.apiserver.serving;

import dev.kapell.api.DecodeException;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.turn.Turns;
import dev.kapell.client.ApiFailure;
import dev.kapell.http.Exchange;
import dev.kapell.http.HttpFailure;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Takes a request's body and brings protobuf to JSON. */
final class BodyReader {
  private static final List<String> OBJECTS =
      List.of(MediaType.JSON, MediaType.YAML, MediaType.PROTOBUF);
  private static final List<String> PATCHES =
      List.of(
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/strategic-merge-patch+json",
          "application/apply-patch+yaml");

  /**
   * Types that say nothing. What a page in a browser can send elsewhere unasked is none of them.
   */
  private static final Set<String> JSON_TOO = Set.of("", "*/*");

  private final Kinds kinds;
  private final int limitBytes;

  BodyReader(Kinds kinds, int limitBytes) {
    this.kinds = kinds;
    this.limitBytes = limitBytes;
  }

  RequestBody read(Exchange exchange, Verb verb) throws IOException {
    byte[] bytes = bytes(exchange);
    String type = MediaType.parse(exchange.headers().first("Content-Type").orElse("")).name();
    if (verb == Verb.PATCH) {
      if (!PATCHES.contains(type)) {
        throw Failures.unsupportedMediaType(PATCHES);
      }
      return new RequestBody(bytes, type);
    }
    if (bytes.length == 0) {
      return RequestBody.NONE;
    }
    return switch (type) {
      case MediaType.PROTOBUF -> RequestBody.encoded(fromProtobuf(bytes));
      case MediaType.YAML, "text/yaml", "application/x-yaml" ->
          new RequestBody(bytes, MediaType.YAML);
      case MediaType.JSON -> RequestBody.json(bytes);
      default -> {
        if (!JSON_TOO.contains(type)) {
          throw Failures.unsupportedMediaType(OBJECTS);
        }
        yield RequestBody.json(bytes);
      }
    };
  }

  private byte[] bytes(Exchange exchange) throws IOException {
    if (!exchange.hasBody()) {
      Turns.leave();
    }
    try {
      return exchange.body();
    } catch (HttpFailure failure) {
      ApiFailure refused =
          switch (failure.status()) {
            case 413 -> Failures.tooLarge(limitBytes);
            case 408 -> Failures.timeout("request body: " + failure.getMessage());
            default -> Failures.badRequest("unable to read the body: " + failure.getMessage());
          };
      refused.addSuppressed(failure);
      throw refused;
    }
  }

  private byte[] fromProtobuf(byte[] bytes) {
    try {
      return kinds.toJson(bytes);
    } catch (DecodeException e) {
      ApiFailure refused = Failures.badRequest(String.valueOf(e.getMessage()));
      refused.addSuppressed(e);
      throw refused;
    }
  }
}
