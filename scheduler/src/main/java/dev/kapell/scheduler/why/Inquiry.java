package dev.kapell.scheduler.why;

import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSchedulingGate;
import dev.kapell.client.ObjectKey;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.plugin.View;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * One question about one pod, asked of a picture of the cluster that is the asker's own: it is
 * changed while the answer is found. One thread, one use.
 *
 * @param pod as it is now
 * @param schedulers the names under which pods are taken here, the usual one first
 * @param waits what else holds the pod back before it is looked at, one line each
 * @param room what making room for a demand would cost, on one of these rows
 */
public record Inquiry(
    Pod pod, List<String> schedulers, Plugins plugins, View view, List<String> waits, Room room) {
  private static final int MOST_SCORES = 5;

  /** Finds the least that has to go. */
  @FunctionalInterface
  public interface Room {
    /** The cheapest way to make room on one of {@code rows}; empty when there is none. */
    Optional<Cost> cheapest(Demand demand, BitSet rows);
  }

  /** The answer. */
  public Report report() {
    Report.Verdict early = standing();
    if (early == Report.Verdict.FINISHED || early == Report.Verdict.TERMINATING) {
      return brief(
          early, early == Report.Verdict.FINISHED ? "it has ended" : "it is being deleted");
    }
    if (early == Report.Verdict.BOUND) {
      view.cluster().removePod(pod);
    }
    Demand demand = Demand.of(pod, view.cluster().names());
    Survey survey = Survey.of(demand, plugins, view);
    return early == Report.Verdict.BOUND ? bound(demand, survey) : unbound(early, demand, survey);
  }

  /** Whether it is not even looked at: another scheduler's, gated, without its claims. */
  public boolean isHeldBack() {
    return standing() != Report.Verdict.UNSCHEDULABLE || !waitsFor().isEmpty();
  }

  private Report.Verdict standing() {
    String phase = pod.status().phaseOr("");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      return Report.Verdict.FINISHED;
    }
    if (!pod.spec().nodeNameOr("").isEmpty()) {
      return Report.Verdict.BOUND;
    }
    if (pod.metadata().deletionTimestamp() != null) {
      return Report.Verdict.TERMINATING;
    }
    return schedulers.contains(pod.spec().schedulerNameOr(schedulers.getFirst()))
        ? Report.Verdict.UNSCHEDULABLE
        : Report.Verdict.FOREIGN;
  }

  private Report brief(Report.Verdict verdict, String summary) {
    return new Report(
        ObjectKey.of(pod),
        verdict,
        summary,
        pod.spec().nodeNameOr(""),
        List.of(),
        List.of(),
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  private Report bound(Demand demand, Survey survey) {
    String node = pod.spec().nodeNameOr("");
    List<Scored> scores = Scored.of(survey.fitting(), demand, plugins, view);
    boolean fits = scores.stream().anyMatch(s -> s.node().equals(node));
    String summary;
    if (!fits) {
      summary =
          view.cluster().row(node).isEmpty()
              ? "it is bound to " + node + ", a node that does not exist (any more)"
              : "it is on " + node + "; asked again now, that node would not take it";
    } else if (scores.getFirst().node().equals(node)) {
      summary = "it is on " + node + ", the best of " + nodes(scores.size()) + " that fit";
    } else {
      summary =
          "it is on "
              + node
              + "; asked again now, "
              + scores.getFirst().node()
              + " would be better (a pod is not moved for that)";
    }
    return answer(Report.Verdict.BOUND, summary, demand, survey, Optional.empty());
  }

  private Report unbound(Report.Verdict early, Demand demand, Survey survey) {
    List<String> waitsFor = waitsFor();
    if (early == Report.Verdict.FOREIGN) {
      String other = pod.spec().schedulerNameOr("");
      return answer(
          early,
          "it asks for the scheduler \""
              + other
              + "\", which is not this one (\""
              + String.join(", ", schedulers)
              + "\"): it has to run somewhere",
          demand,
          survey,
          Optional.empty());
    }
    if (!waitsFor.isEmpty()) {
      return answer(
          Report.Verdict.WAITING,
          "it waits: " + waitsFor.getFirst(),
          demand,
          survey,
          Optional.empty());
    }
    if (!survey.fitting().isEmpty()) {
      String best = Scored.of(survey.fitting(), demand, plugins, view).getFirst().node();
      return answer(
          Report.Verdict.SCHEDULABLE,
          nodes(survey.fitting().size())
              + (survey.fitting().size() == 1 ? " fits" : " fit")
              + " now, "
              + best
              + " best; it is bound when its turn comes",
          demand,
          survey,
          Optional.empty());
    }
    String why =
        survey.nodes() == 0
            ? "there is no node in the cluster"
            : "no node fits it: " + survey.sentence();
    return answer(
        Report.Verdict.UNSCHEDULABLE, why, demand, survey, Optional.of(room(demand, survey)));
  }

  private static String nodes(int count) {
    return count == 1 ? "1 node" : count + " nodes";
  }

  private Report answer(
      Report.Verdict verdict,
      String summary,
      Demand demand,
      Survey survey,
      Optional<Report.Room> price) {
    boolean stuck = verdict == Report.Verdict.UNSCHEDULABLE;
    return new Report(
        ObjectKey.of(pod),
        verdict,
        summary,
        pod.spec().nodeNameOr(""),
        waitsFor(),
        refused(survey),
        survey.nodes(),
        survey.fitting().size(),
        stuck ? Closest.of(survey, demand, plugins, view) : Optional.empty(),
        price,
        stuck ? Remedy.of(survey, demand, plugins, view) : List.of(),
        Scored.of(survey.fitting(), demand, plugins, view).stream().limit(MOST_SCORES).toList());
  }

  private List<Report.Refused> refused(Survey survey) {
    Cluster cluster = view.cluster();
    Function<Survey.Refusal, String> name =
        refusal -> Objects.requireNonNull(cluster.node(refusal.row())).metadata().nameOr("");
    List<Report.Refused> all = new ArrayList<>();
    survey
        .counts()
        .forEach(
            (reason, count) ->
                all.add(
                    new Report.Refused(
                        reason,
                        Advice.plain(reason),
                        count,
                        survey.refusals().stream()
                            .filter(refusal -> refusal.reasons().contains(reason))
                            .limit(Report.MOST_NAMES)
                            .map(name)
                            .toList())));
    all.sort(
        Comparator.comparingInt((Report.Refused r) -> -r.count())
            .thenComparing(Report.Refused::reason));
    return all;
  }

  private Report.Room room(Demand demand, Survey survey) {
    if (survey.helpedRows().isEmpty()) {
      return new Report.Room("evicting other pods would not help", Optional.empty(), false);
    }
    boolean never = pod.spec().preemptionPolicyOr("").equals("Never");
    Optional<Cost> now = never ? Optional.empty() : room.cheapest(demand, survey.helpedRows());
    if (now.isPresent()) {
      return new Report.Room("less important pods are evicted to make room", now, true);
    }
    Pod highest = pod.withSpec(pod.spec().withPriority(Integer.MAX_VALUE));
    Optional<Cost> then =
        room.cheapest(Demand.of(highest, view.cluster().names()), survey.helpedRows());
    if (then.isEmpty()) {
      return new Report.Room(
          "evicting other pods would not help, whatever their priority", Optional.empty(), false);
    }
    int priority = pod.spec().priorityOr(0);
    String note =
        never && priority >= then.get().needsPriority()
            ? "its preemptionPolicy is Never, so nothing is evicted for it"
            : "no less important pods are in its way (its priority is "
                + priority
                + "); with "
                + then.get().needsPriority()
                + " or more these would be evicted";
    return new Report.Room(note, then, false);
  }

  private List<String> waitsFor() {
    if (!pod.spec().nodeNameOr("").isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>(waits);
    for (PodSchedulingGate gate : pod.spec().schedulingGates()) {
      lines.add(
          "the scheduling gate "
              + gate.nameOr("")
              + ", until whoever set it takes it out of spec.schedulingGates");
    }
    Demand demand = Demand.of(pod, view.cluster().names());
    for (String name : demand.claims()) {
      Optional<PersistentVolumeClaim> claim =
          view.storage().claims().apply(new ObjectKey(demand.namespace(), name));
      if (claim.isEmpty()) {
        lines.add("the PersistentVolumeClaim " + name + ", which does not exist: create it");
      } else if (claim.get().status().phaseOr("").equals("Lost")) {
        lines.add("the PersistentVolumeClaim " + name + ", whose volume is gone");
      }
    }
    return lines;
  }
}
