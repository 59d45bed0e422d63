package dev.kapell.scheduler;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.scheduler.choice.Verdicts;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.device.PodDevices;
import dev.kapell.scheduler.extender.Extenders;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.profile.Profile;
import dev.kapell.scheduler.storage.PodClaims;
import dev.kapell.scheduler.why.Cost;
import dev.kapell.scheduler.why.Inquiry;
import dev.kapell.scheduler.why.Report;
import dev.kapell.scheduler.why.Survey;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A picture of the cluster on which pods are placed as the scheduler would place them, one after
 * the other, and nobody outside notices. Programs that extend the scheduler are not asked. One
 * thread's.
 */
public final class Stage {
  /** What becomes of a pod. */
  public sealed interface Outcome {
    /**
     * It gets a node.
     *
     * @param node its name
     * @param evicted the pods that go for it, empty when there is room
     */
    record Lands(String node, List<Pod> evicted) implements Outcome {
      /** Copies. */
      public Lands {
        evicted = List.copyOf(evicted);
      }
    }

    /** It gets none, and why. */
    record Stays(Report why) implements Outcome {}
  }

  private record Kind(String profile, Demand demand) {}

  private final View view;
  private final Map<String, Rules> rules = new LinkedHashMap<>();

  /** What nothing fits, until something changes that may help. */
  private final Map<Kind, Report> stuck = new HashMap<>();

  Stage(View view, List<Profile> profiles) {
    this.view = view;
    for (Profile profile : profiles) {
      rules.put(profile.schedulerName(), Rules.of(profile, view, Extenders.NONE));
    }
  }

  /** The pod is gone. */
  public void remove(Pod pod) {
    view.cluster().removePod(pod);
    stuck.clear();
  }

  /** Places {@code pod}, evicting less important ones if there is no other way. */
  public Outcome place(Pod pod) throws InterruptedException {
    Cluster cluster = view.cluster();
    String named = pod.spec().nodeNameOr("");
    if (!named.isEmpty()) {
      cluster.putPod(pod);
      return new Outcome.Lands(named, List.of());
    }
    Inquiry inquiry = inquiry(pod, List.of());
    if (inquiry.isHeldBack()) {
      return new Outcome.Stays(inquiry.report());
    }
    Rules ours = rulesFor(pod);
    Demand demand = Demand.of(pod, cluster.names());
    Kind kind = new Kind(ours.profile().schedulerName(), demand);
    Report known = stuck.get(kind);
    if (known != null) {
      return new Outcome.Stays(known);
    }
    Verdicts.Answer answer = ours.verdicts().best(pod, demand);
    if (answer.row().isPresent()) {
      return lands(pod, demand, answer.row().get(), List.of());
    }
    Optional<Preemption.Choice> choice = makeRoom(pod, demand, ours);
    if (choice.isPresent()) {
      choice.get().victims().forEach(this::remove);
      return lands(pod, demand, choice.get().row(), choice.get().victims());
    }
    Report why = inquiry.report();
    stuck.put(kind, why);
    return new Outcome.Stays(why);
  }

  private Optional<Preemption.Choice> makeRoom(Pod pod, Demand demand, Rules ours) {
    if (pod.spec().preemptionPolicyOr("").equals("Never")) {
      return Optional.empty();
    }
    BitSet rows = Survey.of(demand, ours.profile().plugins(), view).helpedRows();
    return ours.preemption().flatMap(preemption -> preemption.choose(demand, rows));
  }

  private Outcome lands(Pod pod, Demand demand, int row, List<Pod> evicted) {
    Cluster cluster = view.cluster();
    if (!demand.claims().isEmpty()) {
      PodClaims claims = PodClaims.of(demand, view.storage());
      view.storage().promises().make(claims.choice(cluster.nodeOf(row), view.storage()).matches());
    }
    PodDevices.of(demand, view.devices())
        .choice(cluster.nodeOf(row), view.devices())
        .ifPresent(chosen -> view.devices().inFlight().start(pod.metadata().uidOr(""), chosen));
    cluster.assume(pod, demand, row);
    return new Outcome.Lands(nameOf(row), evicted);
  }

  /** Why a pod is where it is; it is taken off the stage if it is bound. */
  Report why(Pod pod, List<String> waits) {
    return inquiry(pod, waits).report();
  }

  private Inquiry inquiry(Pod pod, List<String> waits) {
    Rules ours = rulesFor(pod);
    Inquiry.Room room =
        (demand, rows) ->
            ours.preemption()
                .flatMap(preemption -> preemption.choose(demand, rows))
                .map(choice -> Cost.of(nameOf(choice.row()), choice.victims()));
    return new Inquiry(
        pod, List.copyOf(rules.keySet()), ours.profile().plugins(), view, waits, room);
  }

  /** Those that the pod asks for; the usual ones when nobody here goes by that name. */
  private Rules rulesFor(Pod pod) {
    Rules usual = rules.values().iterator().next();
    return Objects.requireNonNullElse(
        rules.get(pod.spec().schedulerNameOr(Profile.DEFAULT_NAME)), usual);
  }

  private String nameOf(int row) {
    return view.cluster().nodeOf(row).metadata().nameOr("");
  }
}
