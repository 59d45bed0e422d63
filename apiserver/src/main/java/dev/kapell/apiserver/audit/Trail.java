package dev.kapell.apiserver.audit;

import dev.kapell.api.meta.v1.Status;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.User;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is written down of one request, gathered while it is handled. Thread-safe: the request's
 * thread gathers, for a watch an event loop ends it.
 *
 * <p>{@link #current} is bound for the duration of a request, so that admission and policies can
 * add what they found without the pipeline passing it through every signature.
 */
public final class Trail {
  /** Of a request that nobody writes down, or that comes from this process. */
  public static final Trail NONE = new Trail(null, null, Policy.Decision.NOTHING);

  private static final ScopedValue<Trail> CURRENT = ScopedValue.newInstance();
  private static final byte[] NOTHING = {};

  /** Kubernetes' limit on what annotations of an event hold together. */
  private static final int ANNOTATION_BYTES = 64 << 10;

  private final @Nullable Auditor auditor;
  private final @Nullable Asked asked;
  private final Policy.Decision decision;
  private final Map<String, String> annotations = new TreeMap<>();
  private int annotationBytes;
  private @Nullable User impersonated;
  private RequestBody request = RequestBody.NONE;
  private byte[] response = NOTHING;
  private byte[] created = NOTHING;
  private boolean complete;

  Trail(@Nullable Auditor auditor, @Nullable Asked asked, Policy.Decision decision) {
    this.auditor = auditor;
    this.asked = asked;
    this.decision = decision;
  }

  /** The trail of the request that this thread handles. */
  public static Trail current() {
    return CURRENT.isBound() ? CURRENT.get() : NONE;
  }

  /** Runs {@code handling} with this as {@link #current}. */
  public void during(Runnable handling) {
    if (decision.level() == Level.NONE) {
      handling.run();
    } else {
      ScopedValue.where(CURRENT, this).run(handling);
    }
  }

  /**
   * Adds a note; the first one under a name stays. What webhooks and policies note of an object
   * that may hold a secret is left out, and the note says so.
   *
   * @param key qualified, for instance {@code policy.example.com/why}
   */
  public synchronized void annotate(String key, String note) {
    boolean mayQuote =
        asked != null && asked.carriesSecrets() && !key.startsWith("authorization.k8s.io/");
    String value = mayQuote ? Redaction.LEFT_OUT : note;
    int more = key.length() + value.length();
    if (decision.level() != Level.NONE && annotationBytes + more <= ANNOTATION_BYTES) {
      annotationBytes += annotations.putIfAbsent(key, value) == null ? more : 0;
    }
  }

  /** The request is handled as {@code other}'s. */
  public synchronized void impersonated(User other) {
    if (decision.level() != Level.NONE) {
      impersonated = other;
    }
  }

  /** What the request carries. */
  public synchronized void request(RequestBody body) {
    if (wantsRequest()) {
      request = body;
    }
  }

  /** Whether what the request carries is written down. */
  public boolean wantsRequest() {
    return decision.level().atLeast(Level.REQUEST);
  }

  /** Whether {@link #response} is of use. */
  public boolean wantsResponse() {
    return decision.level().atLeast(Level.REQUEST_RESPONSE);
  }

  /** The answer's object, in JSON. */
  public synchronized void response(byte[] json) {
    if (wantsResponse()) {
      response = json;
    }
    if (decision.level() != Level.NONE
        && asked != null
        && asked.verb().equals("create")
        && asked.target().isPresent()
        && asked.target().get().name().isEmpty()) {
      created = json;
    }
  }

  /** The answer of a watch or a conversation has begun. */
  public synchronized void started(int code) {
    write(Stage.RESPONSE_STARTED, code, Optional.empty());
  }

  /** The request is over; later calls change nothing. */
  public synchronized void complete(int code, Optional<Status> failure) {
    if (!complete && decision.level() != Level.NONE) {
      complete = true;
      write(Stage.RESPONSE_COMPLETE, code, failure);
    }
  }

  /** A bug ended the request. */
  public synchronized void panic(Status failure) {
    if (!complete && decision.level() != Level.NONE) {
      complete = true;
      write(Stage.PANIC, 500, Optional.of(failure));
    }
  }

  synchronized void received() {
    write(Stage.REQUEST_RECEIVED, 0, Optional.empty());
  }

  private void write(Stage stage, int code, Optional<Status> failure) {
    if (auditor == null || asked == null || !decision.writes(stage)) {
      return;
    }
    auditor.write(
        new AuditEvent(
            asked,
            stage,
            auditor.now(),
            decision,
            Optional.ofNullable(impersonated),
            code,
            failure,
            request,
            response,
            created,
            annotations.isEmpty() ? Map.of() : Map.copyOf(annotations)));
  }
}
