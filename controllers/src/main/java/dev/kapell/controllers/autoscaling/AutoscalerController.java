package dev.kapell.controllers.autoscaling;

import dev.kapell.api.DecodeException;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.autoscaling.v1.Scale;
import dev.kapell.api.autoscaling.v2.CrossVersionObjectReference;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscaler;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscalerStatus;
import dev.kapell.api.autoscaling.v2.MetricSpec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.base.Clock;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.controllers.kinds.Kinds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at what is measured, every 15 seconds, and scales whatever has a scale. */
public final class AutoscalerController implements Planner<ObjectKey, Seen> {
  private final Client client;
  private final Clock clock;
  private final Kinds kinds;
  private final Cache<HorizontalPodAutoscaler> autoscalers;
  private final Cache<Pod> pods;
  private final Metrics metrics;
  private final Histories histories = new Histories();

  private AutoscalerController(LoopContext context, Kinds kinds, MetricsApi api) {
    this.client = context.client();
    this.clock = context.clock();
    this.kinds = kinds;
    this.autoscalers = context.caches().of(Types.HORIZONTAL_POD_AUTOSCALER);
    this.pods = context.caches().of(Types.POD);
    this.metrics = new Metrics(api, kinds, new Scraper(api, context.clock(), context.caches()));
  }

  /** Starts the loop; {@code api} is where metrics come from. */
  public static ControlLoop<ObjectKey> start(
      LoopContext context, Kinds kinds, MetricsApi api, int workers) {
    AutoscalerController controller = new AutoscalerController(context, kinds, api);
    ControlLoop<ObjectKey> loop = context.planned("autoscaling", controller);
    controller.autoscalers.onChange(
        (before, after) -> {
          if (after == null && before != null) {
            controller.histories.forget(ObjectKey.of(before));
          } else if (after != null && (before == null || !before.spec().equals(after.spec()))) {
            // Our own writes of the status are no reason to measure again.
            loop.add(ObjectKey.of(after));
          }
        });
    return loop.start(workers);
  }

  @Override
  public Optional<Seen> observe(ObjectKey key) {
    Optional<HorizontalPodAutoscaler> found = autoscalers.find(key);
    if (found.isEmpty() || found.get().metadata().deletionTimestamp() != null) {
      histories.forget(key);
      return Optional.empty();
    }
    HorizontalPodAutoscaler autoscaler = found.get();
    History history = histories.change(key, before -> done(before, autoscaler.status()));
    Seen.Target target = target(autoscaler);
    if (!(target instanceof Seen.Target.Found scaled) || !isAsked(autoscaler, scaled)) {
      return Optional.of(new Seen(autoscaler, target, new Advice.Unasked(), history));
    }
    Instant now = clock.now();
    Advice advice = advice(autoscaler, scaled, now);
    history =
        histories.change(
            key,
            before -> {
              History started =
                  before.advised().isEmpty() ? before.advise(now, scaled.wanted()) : before;
              return advice instanceof Advice.Replicas replicas
                  ? started.advise(now, replicas.count())
                  : started;
            });
    return Optional.of(new Seen(autoscaler, target, advice, history));
  }

  /** The status of the last change says what it was. */
  private static History done(History before, HorizontalPodAutoscalerStatus status) {
    Instant at = status.lastScaleTime();
    int by = status.desiredReplicasOr(0) - status.currentReplicasOr(0);
    return at == null ? before : before.did(at, by);
  }

  private static boolean isAsked(HorizontalPodAutoscaler autoscaler, Seen.Target.Found scaled) {
    int wanted = scaled.wanted();
    int least = autoscaler.spec().minReplicasOr(1);
    boolean off = wanted == 0 && least != 0;
    return !off && wanted >= least && wanted <= autoscaler.spec().maxReplicasOr(wanted);
  }

  private Seen.Target target(HorizontalPodAutoscaler autoscaler) {
    CrossVersionObjectReference reference =
        autoscaler.spec().scaleTargetRefOr(CrossVersionObjectReference.EMPTY);
    Optional<ResourceType<?>> type = kinds.find(reference.apiVersionOr("v1"), reference.kindOr(""));
    if (type.isEmpty()) {
      return new Seen.Target.Lost(
          "no matches for kind \"%s\" in group \"%s\""
              .formatted(
                  reference.kindOr(""),
                  reference.apiVersionOr("v1").contains("/")
                      ? reference.apiVersionOr("").replaceAll("/.*", "")
                      : ""));
    }
    ObjectKey key = new ObjectKey(autoscaler.metadata().namespaceOr(""), reference.nameOr(""));
    try {
      return new Seen.Target.Found(
          type.get(), client.getSubresource(type.get(), key, "scale", Scale.CODEC));
    } catch (ApiFailure e) {
      return new Seen.Target.Lost(String.valueOf(e.getMessage()));
    }
  }

  private Advice advice(HorizontalPodAutoscaler autoscaler, Seen.Target.Found scaled, Instant now) {
    Scale scale = scaled.scale();
    String selector = scale.status().selectorOr("");
    if (selector.isEmpty()) {
      return Advice.withoutSelector();
    }
    ObjectKey key = ObjectKey.of(autoscaler);
    LabelQuery query;
    try {
      query = LabelQuery.parse(selector);
    } catch (DecodeException e) {
      return Advice.unreadableSelector(String.valueOf(e.getMessage()));
    }
    histories.selects(key, query);
    List<Pod> selected =
        pods.in(key.namespace()).stream()
            .filter(pod -> query.matches(pod.metadata().labels()))
            .toList();
    List<ObjectKey> rivals =
        histories.rivals(key, selected.stream().map(pod -> pod.metadata().labels()).toList());
    if (!rivals.isEmpty()) {
      return Advice.ambiguous(autoscaler, selector, rivals);
    }
    Proposals proposals =
        new Proposals(
            scaled.wanted(), scale.status().replicasOr(0), selected, Tolerance.of(autoscaler), now);
    return Advice.of(
        propose(autoscaler, proposals, new Metrics.Whose(key.namespace(), selector, selected)),
        scaled.wanted());
  }

  private List<Proposal> propose(
      HorizontalPodAutoscaler autoscaler, Proposals proposals, Metrics.Whose whose) {
    List<Proposal> all = new ArrayList<>();
    try {
      for (MetricSpec spec : autoscaler.spec().metrics()) {
        all.add(proposals.of(spec, metrics.read(spec, whose)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while metrics were read", e);
    }
    return all;
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return Decision.of(seen, now);
  }

  @Override
  public Plan refused(Seen seen, Change change, ApiFailure why, Instant now) {
    return Decision.refused(seen, change, String.valueOf(why.getMessage()), now);
  }
}
