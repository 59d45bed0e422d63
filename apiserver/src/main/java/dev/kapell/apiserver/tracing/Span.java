package dev.kapell.apiserver.tracing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a request's work, with its beginning and its end. Owned by the request's thread.
 *
 * <p>{@link #current} is bound for the duration of a request, so that what calls others or writes
 * can show up in the trace without being handed it.
 */
public final class Span implements AutoCloseable {
  /** Of a request that is not traced. */
  public static final Span NONE =
      new Span(null, Kind.INTERNAL, "", new TraceContext("", "", false), new Came("", List.of()));

  private static final ScopedValue<Span> CURRENT = ScopedValue.newInstance();
  private static final int MOST_ATTRIBUTES = 32;
  private static final int MOST_CHARACTERS = 256;

  private final @Nullable Tracer tracer;
  private final Kind kind;
  private final String name;
  private final TraceContext context;
  private final Came came;
  private final long beganNanos;
  private final Map<String, Object> attributes = new LinkedHashMap<>();
  private Optional<String> failure = Optional.empty();
  private boolean ended;

  /** Whose side it is; the numbers are OTLP's. */
  public enum Kind {
    /** Work of our own. */
    INTERNAL(1),
    /** A request that came. */
    SERVER(2),
    /** A request that we make. */
    CLIENT(3);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /**
   * Where it comes from.
   *
   * @param parentId the span that it is part of, empty for the first of a trace
   * @param links spans of other traces that have to do with it
   */
  record Came(String parentId, List<TraceContext> links) {}

  Span(@Nullable Tracer tracer, Kind kind, String name, TraceContext context, Came came) {
    this.tracer = tracer;
    this.kind = kind;
    this.name = name;
    this.context = context;
    this.came = came;
    this.beganNanos = tracer == null ? 0 : tracer.unixNanos();
  }

  /** The span of the request that this thread handles. */
  public static Span current() {
    return CURRENT.isBound() ? CURRENT.get() : NONE;
  }

  /** Runs {@code handling} with this as {@link #current}. */
  public void during(Runnable handling) {
    if (tracer == null) {
      handling.run();
    } else {
      ScopedValue.where(CURRENT, this).run(handling);
    }
  }

  /** A part of this that begins now. */
  public Span child(String part, Kind whose) {
    return tracer == null ? NONE : tracer.part(this, part, whose);
  }

  /** Adds a text, a number or a truth value; only the beginning of a long text. */
  public Span with(String key, Object value) {
    if (tracer != null && attributes.size() < MOST_ATTRIBUTES) {
      attributes.put(
          key,
          value instanceof String text && text.length() > MOST_CHARACTERS
              ? text.substring(0, MOST_CHARACTERS)
              : value);
    }
    return this;
  }

  /** It did not bring what was asked for. */
  public void failed(String why) {
    failure = tracer == null ? failure : Optional.of(why);
  }

  /** The header {@code traceparent} for a request that is part of this; empty: none. */
  public Optional<String> traceparent() {
    return tracer == null ? Optional.empty() : Optional.of(context.header());
  }

  /** It ends now, once. */
  @Override
  public void close() {
    if (tracer != null && !ended) {
      ended = true;
      tracer.ended(
          new Finished(
              name,
              kind,
              context,
              came,
              beganNanos,
              tracer.unixNanos(),
              new ArrayList<>(attributes.entrySet()),
              failure));
    }
  }

  TraceContext context() {
    return context;
  }

  /** A span that is over. Nanoseconds count from 1970. */
  record Finished(
      String name,
      Kind kind,
      TraceContext context,
      Came came,
      long beganNanos,
      long endedNanos,
      List<Map.Entry<String, Object>> attributes,
      Optional<String> failure) {}
}
