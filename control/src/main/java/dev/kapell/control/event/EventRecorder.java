package dev.kapell.control.event;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Event;
import dev.kapell.api.core.v1.EventSource;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Write;
import dev.kapell.client.Writer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writes core/v1 Events for one component. The same event again counts up the first one; each
 * object may send 25 at once and then one in five minutes, as Kubernetes' own recorder allows. When
 * the server is slow, events are dropped and counted, so that they do not hold up the work that
 * they tell of, unless the teller would rather {@linkplain #recordWaiting wait}. Thread-safe.
 */
public final class EventRecorder implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.control");

  /** A burst: so many may wait, at some hundreds of bytes each. */
  private static final int QUEUED = 8_192;

  private static final int REMEMBERED = 4_096;

  /** So many new ones are written together. */
  private static final int AT_ONCE = 64;

  private record Said(ObjectReference about, boolean warning, String reason, String message) {}

  private final Writer writer;
  private final Clock clock;
  private final String component;
  private final String instance;
  private final LinkedBlockingQueue<Said> queue;
  private final Map<Said, Event> told = recent();
  private final Map<String, Allowance> allowances = recent();
  private final LongAdder dropped = new LongAdder();
  private final TaskScope scope =
      new TaskScope(
          "events",
          (task, cause) -> LOG.log(System.Logger.Level.ERROR, "event recorder ended", cause));

  /**
   * Starts a recorder.
   *
   * @param component for instance {@code deployment-controller}
   * @param instance the host or server that it runs on
   */
  public EventRecorder(Writer writer, Clock clock, String component, String instance) {
    this(writer, clock, component, instance, QUEUED);
  }

  EventRecorder(Writer writer, Clock clock, String component, String instance, int queued) {
    this.queue = new LinkedBlockingQueue<>(queued);
    this.writer = writer;
    this.clock = clock;
    this.component = component;
    this.instance = instance;
    scope.start(component, this::writeAll);
  }

  /**
   * Tells {@code message} about an object. Returns at once.
   *
   * @param reason one word in UpperCamelCase
   */
  public void record(ApiObject about, boolean warning, String reason, String message) {
    record(reference(about), warning, reason, message);
  }

  /**
   * The same, but waits while too many others are queued: for events of which people count on every
   * one, told by a thread that may be held up.
   */
  public void recordWaiting(ApiObject about, boolean warning, String reason, String message)
      throws InterruptedException {
    queue.put(new Said(reference(about), warning, reason, message));
  }

  private static ObjectReference reference(ApiObject about) {
    ObjectMeta meta = about.metadata();
    return ObjectReference.builder()
        .apiVersion(about.apiVersion())
        .kind(about.kind())
        .namespace(meta.namespace())
        .name(meta.name())
        .uid(meta.uid())
        .resourceVersion(meta.resourceVersion())
        .build();
  }

  /** The same about a part of an object, with its {@code fieldPath} for instance. */
  public void record(ObjectReference about, boolean warning, String reason, String message) {
    if (!queue.offer(new Said(about, warning, reason, message))) {
      dropped.increment();
    }
  }

  /** How many events were dropped because the queue was full. */
  public long droppedCount() {
    return dropped.sum();
  }

  private void writeAll() throws InterruptedException {
    while (true) {
      List<Said> batch = new ArrayList<>();
      batch.add(queue.take());
      queue.drainTo(batch, AT_ONCE - 1);
      try {
        write(batch);
      } catch (RuntimeException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("closed while events were written");
        }
        LOG.log(System.Logger.Level.WARNING, "events lost count=" + batch.size(), e);
      }
    }
  }

  /** What was not said before is written together. */
  private void write(List<Said> batch) {
    Instant now = clock.now();
    Map<Said, Event> fresh = new LinkedHashMap<>();
    for (Said said : batch) {
      // The revision changes with every write to the object, and would make every event a new one.
      Said same =
          new Said(
              said.about().withResourceVersion(null),
              said.warning(),
              said.reason(),
              said.message());
      String spender = component + "/" + said.about().uidOr(said.about().nameOr(""));
      if (!allowances.computeIfAbsent(spender, k -> new Allowance(now)).spend(now)) {
        continue;
      }
      if (fresh.containsKey(same)) {
        create(fresh);
        fresh.clear();
      }
      Event before = told.get(same);
      if (before == null || !countUp(same, before, now)) {
        fresh.put(same, fresh(said, now));
      }
    }
    create(fresh);
  }

  /** False when the event is gone meanwhile. */
  private boolean countUp(Said said, Event before, Instant now) {
    Event counted = before.withCount(before.countOr(1) + 1).withLastTimestamp(now);
    counted = counted.withMetadata(counted.metadata().withResourceVersion(null));
    try {
      told.put(said, writer.update(Types.CORE_EVENT, counted));
    } catch (ApiFailure e) {
      if (e.isNotFound()) {
        return false;
      }
      refused(said, e);
    }
    return true;
  }

  private void create(Map<Said, Event> events) {
    List<Said> said = List.copyOf(events.keySet());
    List<Write> writes = new ArrayList<>();
    events.values().forEach(event -> writes.add(new Write.Create<>(Types.CORE_EVENT, event)));
    List<Optional<ApiFailure>> refusals = writer.writeAll(writes);
    for (int i = 0; i < refusals.size(); i++) {
      Said each = said.get(i);
      refusals
          .get(i)
          .ifPresentOrElse(
              e -> refused(each, e),
              () -> told.put(each, Objects.requireNonNull(events.get(each))));
    }
  }

  private static void refused(Said said, ApiFailure failure) {
    LOG.log(
        System.Logger.Level.DEBUG,
        "event refused object={0} reason={1} cause={2}",
        said.about().nameOr(""),
        said.reason(),
        failure.getMessage());
  }

  private Event fresh(Said said, Instant now) {
    ObjectReference about = said.about();
    String stamp =
        Long.toHexString(now.getEpochSecond() * 1_000_000_000L + clock.nanoTime() % 1_000_000_000L);
    String namespace = about.namespaceOr("").isEmpty() ? "default" : about.namespaceOr("default");
    return Event.builder()
        .metadata(
            ObjectMeta.builder().name(about.nameOr("") + "." + stamp).namespace(namespace).build())
        .involvedObject(about)
        .type(said.warning() ? "Warning" : "Normal")
        .reason(said.reason())
        .message(shortened(said.message()))
        .source(EventSource.builder().component(component).host(instance).build())
        .reportingComponent(component)
        .reportingInstance(instance)
        .firstTimestamp(now)
        .lastTimestamp(now)
        .count(1)
        .build();
  }

  /** The API takes at most 1,024 bytes. */
  private static String shortened(String message) {
    return message.length() <= 1_000 ? message : message.substring(0, 1_000) + "…";
  }

  private static <K, V> Map<K, V> recent() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }

  /** Forgets what is queued. */
  @Override
  public void close() {
    scope.close();
  }
}
