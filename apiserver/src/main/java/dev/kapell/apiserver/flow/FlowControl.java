package dev.kapell.apiserver.flow;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Types;
import dev.kapell.api.flowcontrol.v1.FlowSchema;
import dev.kapell.api.flowcontrol.v1.PriorityLevelConfiguration;
import dev.kapell.apiserver.follow.Follower;
import dev.kapell.apiserver.metrics.Counter;
import dev.kapell.apiserver.metrics.Histogram;
import dev.kapell.apiserver.metrics.Meters;
import dev.kapell.base.Clock;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Lets requests run, wait or go away, as flow schemas and priority levels say. Thread-safe; follows
 * the objects on threads of its own.
 */
public final class FlowControl implements AutoCloseable {
  private static final double[] SECONDS = {
    0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30
  };
  private static final List<String> LEVEL = List.of("priority_level");

  private final FlowOptions options;
  private final Clock clock;
  private final Follower follower;
  private final Dangling dangling;
  private final Seats seats;
  private final Counter dispatched;
  private final Counter rejected;
  private final Histogram waits;
  private final Histogram runs;
  private final Map<ObjectKey, FlowSchema> schemas = new LinkedHashMap<>();
  private final Map<ObjectKey, PriorityLevelConfiguration> levels = new LinkedHashMap<>();
  private volatile Classifier classifier = new Classifier(List.of(), java.util.Set.of());

  /** Reads and follows through {@code client}; {@link #start} begins. */
  public FlowControl(FlowOptions options, Client client, Clock clock, Meters meters) {
    this.options = options;
    this.clock = clock;
    this.follower = new Follower(client, clock, "flow-control");
    this.dangling = new Dangling(client, clock);
    this.seats = new Seats(clock);
    this.dispatched =
        meters.counter(
            "apiserver_flowcontrol_dispatched_requests_total",
            "Requests that were let run.",
            "priority_level",
            "flow_schema");
    this.rejected =
        meters.counter(
            "apiserver_flowcontrol_rejected_requests_total",
            "Requests that were sent away.",
            "priority_level",
            "flow_schema",
            "reason");
    this.waits =
        meters.histogram(
            "apiserver_flowcontrol_request_wait_duration_seconds",
            "Seconds that requests waited.",
            SECONDS,
            "priority_level",
            "flow_schema",
            "execute");
    this.runs =
        meters.histogram(
            "apiserver_flowcontrol_request_execution_seconds",
            "Seconds that requests ran, once they had seats.",
            SECONDS,
            "priority_level",
            "flow_schema",
            "type");
    gauge(meters, "current_executing_requests", "Requests that run.", Seats.View::executing);
    gauge(meters, "current_executing_seats", "Seats that are taken.", Seats.View::seats);
    gauge(meters, "current_inqueue_requests", "Requests that wait.", Seats.View::waiting);
    gauge(meters, "nominal_limit_seats", "A level's own seats.", view -> view.plan().nominal());
    gauge(
        meters,
        "current_limit_seats",
        "Seats that a level may have now.",
        view -> Math.min(view.plan().most(), view.limit()));
    gauge(
        meters,
        "upper_limit_seats",
        "Seats that a level may have when others lend all they can.",
        view -> Math.min(view.plan().most(), view.capacity()));
    gauge(
        meters,
        "lower_limit_seats",
        "Seats that a level does not lend.",
        view -> view.plan().nominal() - view.plan().lendable());
  }

  private void gauge(Meters meters, String name, String help, ToDoubleFunction<Seats.View> figure) {
    meters.gauge(
        "apiserver_flowcontrol_" + name,
        help,
        LEVEL,
        values ->
            seats
                .view()
                .forEach(view -> values.add(figure.applyAsDouble(view), view.plan().name())));
  }

  /** Returns when it knows the objects that are there. */
  public void start() {
    follower.follow(Types.PRIORITY_LEVEL_CONFIGURATION, new Kept<>(levels));
    follower.follow(Types.FLOW_SCHEMA, new Kept<>(schemas));
  }

  /** Keeps what is followed, and takes each change to heart. */
  private final class Kept<T extends ApiObject> implements Follower.Sink<T> {
    private final Map<ObjectKey, T> objects;

    Kept(Map<ObjectKey, T> objects) {
      this.objects = objects;
    }

    @Override
    public void reset(List<T> all) {
      synchronized (FlowControl.this) {
        objects.clear();
        all.forEach(object -> objects.put(ObjectKey.of(object), object));
        changed();
      }
    }

    @Override
    public void put(T object) {
      synchronized (FlowControl.this) {
        objects.put(ObjectKey.of(object), object);
        changed();
      }
    }

    @Override
    public void remove(ObjectKey key) {
      synchronized (FlowControl.this) {
        objects.remove(key);
        changed();
      }
    }
  }

  private synchronized void changed() {
    List<LevelPlan> plans = LevelPlan.of(levels.values(), options.seats());
    var names = plans.stream().map(LevelPlan::name).collect(java.util.stream.Collectors.toSet());
    seats.plan(plans);
    classifier = new Classifier(schemas.values(), names);
    if (!names.isEmpty()) {
      dangling.tell(List.copyOf(schemas.values()), names);
    }
  }

  /** What came of a request. */
  public sealed interface Verdict {
    /** The flow schema that the request fell under. */
    String schemaUid();

    /** Its priority level. */
    String levelUid();

    /** It runs until the ticket is closed. */
    record Run(Ticket ticket) implements Verdict {
      @Override
      public String schemaUid() {
        return ticket.schemaUid();
      }

      @Override
      public String levelUid() {
        return ticket.levelUid();
      }
    }

    /** It is to come back later. */
    record Later(String schemaUid, String levelUid) implements Verdict {}
  }

  /** Waits until {@code request} may run, or says that it may not. */
  public Verdict enter(FlowRequest request) throws InterruptedException {
    Optional<Classifier.Flow> found = classifier.find(request);
    if (found.isEmpty()) {
      return new Verdict.Run(new Ticket("", "", () -> {}));
    }
    Classifier.Flow flow = found.get();
    long began = clock.nanoTime();
    Seats.Outcome outcome = seats.enter(flow, request.seats(), options.patience());
    double waited = (clock.nanoTime() - began) / 1e9;
    return switch (outcome) {
      case Seats.Outcome.Seated seated -> {
        dispatched.increment(flow.level(), flow.schema());
        waits.observe(waited, flow.level(), flow.schema(), "true");
        yield new Verdict.Run(
            new Ticket(
                flow.schemaUid(),
                seated.level().plan().uid(),
                () -> leave(seated, runs.of(flow.level(), flow.schema(), "regular"))));
      }
      case Seats.Outcome.Refused(String reason) -> {
        rejected.increment(flow.level(), flow.schema(), reason);
        waits.observe(waited, flow.level(), flow.schema(), "false");
        yield new Verdict.Later(flow.schemaUid(), levelUid(flow.level()));
      }
    };
  }

  private void leave(Seats.Outcome.Seated seated, Histogram.Member run) {
    seats.leave(seated);
    run.observe((clock.nanoTime() - seated.sinceNanos()) / 1e9);
  }

  private synchronized String levelUid(String name) {
    return levels.values().stream()
        .filter(level -> name.equals(level.metadata().nameOr("")))
        .findFirst()
        .map(level -> level.metadata().uidOr(""))
        .orElse("");
  }

  /** Whether requests wait for seats, or did a moment ago. */
  public boolean isCrowded() {
    return seats.crowded();
  }

  /** The levels as a table, one line each, for {@code dump_priority_levels}. */
  public String dumpLevels() {
    StringBuilder out =
        new StringBuilder(
            "PriorityLevelName, ActiveQueues, IsIdle, WaitingRequests, ExecutingRequests,"
                + " ExecutingSeats, NominalSeats, LendableSeats\n");
    for (Seats.View view : seats.view()) {
      out.append(
          "%s, %d, %b, %d, %d, %d, %d, %d\n"
              .formatted(
                  view.plan().name(),
                  view.queues().size(),
                  view.executing() + view.waiting() == 0,
                  view.waiting(),
                  view.executing(),
                  view.seats(),
                  view.plan().nominal(),
                  view.plan().lendable()));
    }
    return out.toString();
  }

  /** The queues in use, one line each, for {@code dump_queues}. */
  public String dumpQueues() {
    StringBuilder out = new StringBuilder("PriorityLevelName, Index, PendingRequests\n");
    for (Seats.View view : seats.view()) {
      view.queues()
          .forEach(
              (number, length) ->
                  out.append("%s, %d, %d\n".formatted(view.plan().name(), number, length)));
    }
    return out.toString();
  }

  @Override
  public void close() {
    follower.close();
    dangling.close();
  }
}
