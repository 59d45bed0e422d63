package dev.kapell.apiserver.webhook;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.UnknownFields;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.apiserver.admission.Admission.Attempt;
import dev.kapell.apiserver.audit.Trail;
import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.remote.RemoteCalls;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tracing.Span;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/** Asks one hook, and knows what its silence and its refusal mean. Thread-safe. */
final class HookCalls {
  private static final Logger LOG = System.getLogger("kapell.apiserver");
  private static final int LOWEST_REFUSAL = 400;

  private final RemoteCalls remote;
  private final HookMeter meter;

  HookCalls(RemoteCalls remote, HookMeter meter) {
    this.remote = remote;
    this.meter = meter;
  }

  /**
   * The patch that a hook wants, empty for none or when nobody answered and that does not matter.
   *
   * @param notes for the audit trail, and whom to ask
   * @param request the {@code AdmissionRequest}
   * @throws ApiFailure when the hook refuses, or does not answer and that matters
   */
  Optional<List<?>> ask(HookNotes notes, Obj request, Attempt attempt) {
    Hook hook = notes.hook();
    boolean mutating = notes.mutating();
    if (attempt.request().options().dryRun() && !hook.dryRunnable()) {
      throw Failures.badRequest(
          "admission webhook \"" + hook.name() + "\" does not support dry run");
    }
    HookMeter.Call call = meter.begin(hook, attempt.operation(), mutating);
    HookAnswer answer;
    try (Span span = Span.current().child("Call of an admission webhook", Span.Kind.CLIENT)) {
      span.with("webhook", hook.name()).with("url.full", hook.server().toString());
      answer = HookAnswer.read(post(hook, request, span), hook, request.text("uid"), mutating);
    } catch (RemoteCalls.Failed e) {
      call.unanswered(hook.failsOpen());
      return unanswered(notes, "failed to call webhook: " + e.getMessage(), e);
    } catch (HookAnswer.Malformed e) {
      call.unanswered(hook.failsOpen());
      return unanswered(notes, "received invalid webhook response: " + e.getMessage(), e);
    }
    answer
        .auditAnnotations()
        .forEach((key, value) -> Trail.current().annotate(hook.name() + "/" + key, value));
    synchronized (attempt.warnings()) {
      attempt.warnings().addAll(answer.warnings());
    }
    if (!answer.allowed()) {
      ApiFailure refusal = refusal(hook, answer.result());
      call.refused(refusal.code());
      throw refusal;
    }
    call.allowed();
    return answer.patch();
  }

  private byte[] post(Hook hook, Obj request, Span span) throws RemoteCalls.Failed {
    Obj review =
        Obj.root(
            Obj.tree(
                "kind",
                "AdmissionReview",
                "apiVersion",
                "admission.k8s.io/" + hook.reviewVersion(),
                "request",
                request.map()));
    try {
      return remote.post(
          new RemoteCalls.Question(
              hook.server(),
              "timeout=" + hook.timeout().toSeconds() + "s",
              Wire.plain(review.map()),
              span.traceparent()),
          hook.timeout());
    } catch (InterruptedIOException e) {
      Thread.currentThread().interrupt();
      throw closing(e);
    }
  }

  private static ApiFailure closing(Throwable cause) {
    ApiFailure failure = Failures.unavailable("the server is closing");
    failure.addSuppressed(cause);
    return failure;
  }

  private static Optional<List<?>> unanswered(HookNotes notes, String why, Exception cause) {
    Hook hook = notes.hook();
    String message = "failed calling webhook \"" + hook.name() + "\": " + why;
    LOG.log(
        Level.WARNING,
        "webhook gave no answer object={0} open={1} reason={2}",
        hook.id(),
        hook.failsOpen(),
        why);
    if (hook.failsOpen()) {
      notes.failedOpen();
      return Optional.empty();
    }
    ApiFailure failure = Failures.internal(message);
    failure.addSuppressed(cause);
    throw failure;
  }

  private static ApiFailure refusal(Hook hook, Obj result) {
    Status status = status(result);
    String denied = "admission webhook \"" + hook.name() + "\" denied the request";
    String message = status.messageOr("");
    String reason = status.reasonOr("");
    String text =
        !message.isEmpty()
            ? denied + ": " + message
            : !reason.isEmpty() ? denied + ": " + reason : denied + " without explanation";
    return new ApiFailure(
        status
            .withStatus("Failure")
            .withCode(Math.max(LOWEST_REFUSAL, status.codeOr(0)))
            .withMessage(text));
  }

  private static Status status(Obj result) {
    try {
      return JsonCodec.fromTree(Status.CODEC, result.map(), UnknownFields.IGNORE).value();
    } catch (DecodeException e) {
      return Status.builder().message("with a status that cannot be read").build();
    }
  }
}
