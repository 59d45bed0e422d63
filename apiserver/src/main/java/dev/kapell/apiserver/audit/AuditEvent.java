package dev.kapell.apiserver.audit;

import dev.kapell.api.meta.v1.Status;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.User;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One stage of one request, on its way to the log.
 *
 * @param impersonated as whom it was handled, when not as its sender
 * @param code of the answer, 0 before there is one
 * @param failure the refusal, if it was one
 * @param request the body at level Request; {@link RequestBody#NONE} otherwise
 * @param response the object in JSON at level RequestResponse; empty otherwise
 * @param created the answer to a create whose name the path did not tell; empty otherwise
 */
record AuditEvent(
    Asked asked,
    Stage stage,
    Instant at,
    Policy.Decision decision,
    Optional<User> impersonated,
    int code,
    Optional<Status> failure,
    RequestBody request,
    byte[] response,
    byte[] created,
    Map<String, String> annotations) {
  /** What it holds at least. */
  private static final long PLAIN_BYTES = 1024;

  /** About how much memory it takes. */
  long bytes() {
    return PLAIN_BYTES + request.bytes().length + response.length + created.length;
  }
}
