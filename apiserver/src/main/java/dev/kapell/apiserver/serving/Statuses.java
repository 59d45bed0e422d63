package dev.kapell.apiserver.serving;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ProtoCodec;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.api.meta.v1.StatusDetails;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.client.ApiFailure;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.HttpFailure;
import java.io.IOException;

/** Refusals on the wire. */
final class Statuses {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");

  private Statuses() {}

  /** The refusal that {@code cause} amounts to; what is nobody's fault but ours is logged. */
  static ApiFailure failure(Exchange exchange, Exception cause) {
    return switch (cause) {
      case ApiFailure failure -> failure;
      case DecodeException malformed -> Failures.badRequest(String.valueOf(malformed.getMessage()));
      case HttpFailure broken -> of(broken.status(), String.valueOf(broken.getMessage()));
      case InterruptedException _ -> Failures.unavailable("the server is closing");
      default -> {
        boolean brokenOff = cause instanceof IOException && exchange.answered();
        LOG.log(
            brokenOff ? System.Logger.Level.DEBUG : System.Logger.Level.ERROR,
            exchange.method() + " " + exchange.path() + " failed",
            cause);
        yield Failures.internal(String.valueOf(cause.getMessage()));
      }
    };
  }

  private static ApiFailure of(int code, String message) {
    String reason =
        switch (code) {
          case 400 -> "BadRequest";
          case 413 -> "RequestEntityTooLarge";
          case 408, 504 -> "Timeout";
          case 502, 503 -> "ServiceUnavailable";
          default -> "InternalError";
        };
    return new ApiFailure(
        Status.builder().status("Failure").code(code).reason(reason).message(message).build());
  }

  /** Answers with the status of {@code failure}, in the form that the client asks for. */
  static void send(Exchange exchange, ApiFailure failure, Headers headers) {
    Headers all = headers;
    StatusDetails details = failure.status().details();
    int retry = details == null ? 0 : details.retryAfterSecondsOr(0);
    if (retry > 0) {
      all = all.and("Retry-After", Integer.toString(retry));
    }
    Status status = failure.status();
    Form.Encoding encoding = Form.ofStatus(exchange.headers());
    byte[] body =
        switch (encoding) {
          case JSON -> json(status);
          case YAML -> ObjectWriter.yaml(JsonCodec.readTree(json(status)));
          case PROTOBUF -> ProtoCodec.seal("v1", "Status", ProtoCodec.encode(Status.CODEC, status));
        };
    exchange.respond(failure.code(), all.and("Content-Type", encoding.mediaType()), body);
  }

  /** A status as JSON with its kind. */
  static byte[] json(Status status) {
    byte[] json = JsonCodec.encode(Status.CODEC, status);
    return Identity.of(json).isPresent() ? json : Identity.add(json, "v1", "Status");
  }
}
