package dev.kapell.apiserver.tracing;

import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Begins spans, and sends on those that ended. Thread-safe.
 *
 * <p>Whoever may do everything may also say that a request is part of a trace, and that it is kept:
 * its span becomes that trace's. Everybody else's {@code traceparent} is only linked to, so that no
 * client fills the collector. This follows kube-apiserver.
 */
public final class Tracer implements AutoCloseable {
  private static final double MILLION = 1e6;
  private static final int TRACE_BYTES = 16;
  private static final int SPAN_BYTES = 8;

  private final TracingOptions options;
  private final Clock clock;
  private final Randomness randomness;
  private final Exporter exporter;
  private final Instant origin;
  private final long originNanos;

  /** Opens a connection when there is something to send. */
  public Tracer(TracingOptions options, Clock clock, Randomness randomness) {
    this.options = options;
    this.clock = clock;
    this.randomness = randomness;
    this.exporter = new Exporter(options.collector(), clock);
    this.origin = clock.now();
    this.originNanos = clock.nanoTime();
  }

  /**
   * The span of a request that came; {@link Span#NONE} when it is not kept.
   *
   * @param traceparent the request's header
   * @param trusted whether its sender decides about traces
   */
  public Span begin(Optional<String> traceparent, boolean trusted) {
    Optional<TraceContext> sent = traceparent.flatMap(TraceContext::parse);
    if (trusted && sent.isPresent()) {
      TraceContext parent = sent.get();
      return parent.sampled()
          ? span(
              Span.Kind.SERVER,
              "KubernetesAPI",
              parent.traceId(),
              new Span.Came(parent.spanId(), List.of()))
          : Span.NONE;
    }
    if (randomness.nextDouble() >= options.samplesPerMillion() / MILLION) {
      return Span.NONE;
    }
    return span(
        Span.Kind.SERVER,
        "KubernetesAPI",
        id(TRACE_BYTES),
        new Span.Came("", sent.stream().toList()));
  }

  Span part(Span whole, String name, Span.Kind kind) {
    return span(
        kind, name, whole.context().traceId(), new Span.Came(whole.context().spanId(), List.of()));
  }

  private Span span(Span.Kind kind, String name, String traceId, Span.Came came) {
    return new Span(this, kind, name, new TraceContext(traceId, id(SPAN_BYTES), true), came);
  }

  private String id(int bytes) {
    byte[] id = randomness.fill(new byte[bytes]);
    id[0] |= 1; // all zeros would be none
    return HexFormat.of().formatHex(id);
  }

  /** A wall clock that never goes back within a trace. */
  long unixNanos() {
    Instant now = origin.plus(Duration.ofNanos(clock.nanoTime() - originNanos));
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  void ended(Span.Finished span) {
    exporter.add(span);
  }

  /** Spans that never reached the collector. */
  public long lost() {
    return exporter.lost();
  }

  /** Sends what waits, within a short time. */
  @Override
  public void close() {
    exporter.close();
  }
}
