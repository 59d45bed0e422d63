package dev.kapell.host.runtime;

import dev.kapell.host.runtime.RuntimeFailure.Kind;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Locale;

/** What gRPC's status codes, and containerd's words, mean to us. Pure. */
final class CriFailures {
  private static final List<String> DENIED_WORDS =
      List.of("401", "403", "unauthorized", "denied", "insufficient_scope", "no basic auth");
  private static final List<String> BAD_NAME_WORDS =
      List.of("invalid reference format", "failed to parse image reference", "must be lowercase");

  private CriFailures() {}

  static RuntimeFailure translate(String what, StatusRuntimeException e) {
    String said = e.getStatus().getDescription();
    String message = what + ": " + (said == null ? e.getStatus().getCode().name() : said);
    return new RuntimeFailure(kind(e, message), message, e);
  }

  private static Kind kind(StatusRuntimeException e, String message) {
    return switch (e.getStatus().getCode()) {
      case NOT_FOUND -> Kind.NOT_FOUND;
      case UNAVAILABLE -> Kind.UNAVAILABLE;
      case DEADLINE_EXCEEDED -> Kind.DEADLINE_EXCEEDED;
      case ALREADY_EXISTS -> Kind.ALREADY_EXISTS;
      case UNIMPLEMENTED -> Kind.UNSUPPORTED;
      case CANCELLED ->
          Thread.currentThread().isInterrupted() ? Kind.INTERRUPTED : Kind.UNAVAILABLE;
      // containerd's CRI plugin answers most refusals with UNKNOWN and a sentence.
      case UNKNOWN -> message.contains("is reserved for") ? Kind.ALREADY_EXISTS : Kind.OTHER;
      case OK,
          INVALID_ARGUMENT,
          PERMISSION_DENIED,
          RESOURCE_EXHAUSTED,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          INTERNAL,
          DATA_LOSS,
          UNAUTHENTICATED ->
          Kind.OTHER;
    };
  }

  /** A pull's failure: which of the image kinds it is. */
  static RuntimeFailure ofPull(RuntimeFailure failure) {
    String message = String.valueOf(failure.getMessage());
    String words = message.toLowerCase(Locale.ROOT);
    Kind kind =
        switch (failure.kind()) {
          case UNAVAILABLE, INTERRUPTED -> failure.kind();
          default -> {
            if (BAD_NAME_WORDS.stream().anyMatch(words::contains)) {
              yield Kind.INVALID_IMAGE_NAME;
            }
            if (failure.is(Kind.NOT_FOUND)) {
              yield Kind.IMAGE_NOT_FOUND;
            }
            boolean denied = DENIED_WORDS.stream().anyMatch(words::contains);
            yield denied ? Kind.IMAGE_DENIED : Kind.IMAGE_PULL_FAILED;
          }
        };
    return new RuntimeFailure(kind, message, failure);
  }
}
