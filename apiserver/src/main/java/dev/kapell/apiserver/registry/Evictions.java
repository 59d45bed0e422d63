package dev.kapell.apiserver.registry;

import dev.kapell.api.selector.LabelQuery;
import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.store.Commit;
import dev.kapell.store.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deletes pods as far as disruption budgets allow. */
final class Evictions {
  private static final String BUDGETS = "policy/poddisruptionbudgets";
  private static final int RETRY_SECONDS = 10;
  private static final int TRIES = 10;

  /** So many granted evictions that nobody has seen to happen are too many. */
  private static final int MOST_GRANTED = 2_000;

  private final Storage storage;
  private final Deletion deletion;
  private final Metadata metadata;
  private final Admission admission;

  Evictions(Storage storage, Deletion deletion, Metadata metadata, Admission admission) {
    this.storage = storage;
    this.deletion = deletion;
    this.admission = admission;
    this.metadata = metadata;
  }

  Answer.Single evict(Draft draft) throws InterruptedException {
    Obj eviction = Bodies.ofSubresource(draft);
    Stored pod = storage.get(draft.row(), draft.namespace(), draft.name());
    Admission.Attempt attempt =
        draft.attempt(Admission.Operation.CREATE, Optional.empty(), storage);
    admission.admit(attempt, eviction);
    admission.validate(attempt, eviction);
    if (countsForBudgets(pod.object())) {
      spend(draft, pod.object());
    }
    if (!draft.dryRun()) {
      tell(draft.row(), pod);
    }
    ApiRequest request = draft.request();
    RequestBody options =
        eviction.has("deleteOptions")
            ? RequestBody.json(Wire.plain(eviction.child("deleteOptions").map()))
            : RequestBody.NONE;
    Draft delete =
        Draft.of(
            new ApiRequest(
                request.verb(), request.target(), request.user(), request.options(), options),
            draft.row());
    deletion.delete(delete, Deletion.Wish.of(delete));
    return draft.answer(201, Answers.success());
  }

  /** A pod that has ended or never began is no loss to anyone. */
  private static boolean countsForBudgets(Obj pod) {
    String phase = pod.child("status").text("phase");
    return !phase.equals("Succeeded")
        && !phase.equals("Failed")
        && !phase.equals("Pending")
        && !pod.child("metadata").has("deletionTimestamp");
  }

  private void spend(Draft draft, Obj pod) throws InterruptedException {
    List<Obj> covering =
        storage.list(BUDGETS, draft.namespace()).stream().filter(b -> covers(b, pod)).toList();
    if (covering.size() > 1) {
      throw Failures.internal(
          "This pod has more than one PodDisruptionBudget, which the eviction subresource does not"
              + " support.");
    }
    Optional<Obj> budget = covering.stream().findFirst();
    if (budget.isPresent() && !isNoLoss(budget.get(), pod)) {
      spend(draft, budget.get().child("metadata").text("name"));
    }
  }

  /**
   * A pod that is not ready serves nobody; it may go while enough others do, or always if the
   * budget says so.
   */
  private static boolean isNoLoss(Obj budget, Obj pod) {
    boolean ready =
        pod.child("status").items("conditions").stream()
            .anyMatch(
                each -> each.text("type").equals("Ready") && each.text("status").equals("True"));
    if (ready) {
      return false;
    }
    Obj status = budget.child("status");
    long desired = status.number("desiredHealthy", 0);
    return budget.child("spec").text("unhealthyPodEvictionPolicy").equals("AlwaysAllow")
        || (desired > 0 && status.number("currentHealthy", 0) >= desired);
  }

  /**
   * Why the pod ends, for whoever looks at it later. Losing a race for that is no reason to stay.
   */
  private void tell(Row row, Stored pod) throws InterruptedException {
    Obj told = Obj.root(Trees.copy(pod.object().map()));
    Obj status = told.make("status");
    List<Object> conditions = new ArrayList<>();
    for (Obj condition : status.items("conditions")) {
      if (!condition.text("type").equals("DisruptionTarget")) {
        conditions.add(condition.map());
      }
    }
    conditions.add(
        Obj.tree(
            "type",
            "DisruptionTarget",
            "status",
            "True",
            "reason",
            "EvictionByEvictionAPI",
            "message",
            "Eviction API: evicting",
            "lastTransitionTime",
            metadata.now().toString()));
    status.put("conditions", conditions);
    storage.commit(Storage.put(row, pod.entry().key(), told, pod.entry().revision()), List.of());
  }

  private void spend(Draft draft, String budgetName) throws InterruptedException {
    Key key = new Key(BUDGETS, draft.namespace() + "/" + budgetName);
    for (int tries = 0; tries < TRIES; tries++) {
      Optional<Stored> found = storage.read(key);
      if (found.isEmpty()) {
        return;
      }
      Obj budget = Obj.root(Trees.copy(found.get().object().map()));
      Obj status = budget.make("status");
      requireCounted(budgetName, budget);
      long allowed = status.number("disruptionsAllowed", 0);
      if (allowed <= 0) {
        throw refused(budgetName, status);
      }
      if (draft.dryRun()) {
        return;
      }
      status.put("disruptionsAllowed", allowed - 1);
      status.make("disruptedPods").put(draft.name(), metadata.now().toString());
      Commit commit =
          storage.commit(Storage.put(key, budget, found.get().entry().revision()), List.of());
      if (commit instanceof Commit.Done) {
        return;
      }
    }
    throw refused(budgetName, Obj.root(Obj.tree()));
  }

  /** The controller has seen the budget as it is, and keeps up with what was granted. */
  private static void requireCounted(String name, Obj budget) {
    long generation = budget.child("metadata").number("generation", 0);
    Obj status = budget.child("status");
    if (status.number("observedGeneration", 0) < generation) {
      throw tooEarly("The disruption budget " + name + " is still being processed by the server.");
    }
    if (status.child("disruptedPods").map().size() > MOST_GRANTED) {
      throw tooEarly(
          "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
    }
  }

  private static RuntimeException tooEarly(String why) {
    return Failures.tooManyRequests(
        "Cannot evict pod as it would violate the pod's disruption budget.",
        RETRY_SECONDS,
        List.of(Failures.cause("DisruptionBudget", "", why)));
  }

  private static RuntimeException refused(String budget, Obj status) {
    String why =
        "The disruption budget "
            + budget
            + " needs "
            + status.number("desiredHealthy", 0)
            + " healthy pods and has "
            + status.number("currentHealthy", 0)
            + " currently";
    return tooEarly(why);
  }

  private static boolean covers(Obj budget, Obj pod) {
    Obj selector = budget.child("spec").child("selector");
    Map<String, String> labels = pod.child("metadata").strings("labels");
    if (!budget.child("spec").has("selector")) {
      return false;
    }
    if (!LabelQuery.exactly(selector.strings("matchLabels")).matches(labels)) {
      return false;
    }
    for (Obj expression : selector.items("matchExpressions")) {
      boolean has = labels.containsKey(expression.text("key"));
      String value = labels.getOrDefault(expression.text("key"), "");
      boolean fits =
          switch (expression.text("operator")) {
            case "In" -> has && expression.texts("values").contains(value);
            case "NotIn" -> !has || !expression.texts("values").contains(value);
            case "Exists" -> has;
            default -> !has;
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }
}
