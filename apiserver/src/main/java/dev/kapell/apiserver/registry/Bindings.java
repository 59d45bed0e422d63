package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.store.Commit;
import dev.kapell.store.Entry;
import dev.kapell.store.Op;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Binds pods to nodes: the scheduler's one write. Nobody owns where a pod runs, and its generation
 * does not count it. Only what a binding sets is looked at.
 */
final class Bindings {
  private static final int TRIES = 30;
  private static final String META = "metadata";

  private final Storage storage;
  private final Metadata metadata;
  private final Admission admission;

  Bindings(WriteParts parts) {
    this.storage = parts.storage();
    this.metadata = parts.metadata();
    this.admission = parts.admission();
  }

  /** A binding up to the commit. */
  Staged bind(Draft draft) {
    Obj binding = Obj.root(Bodies.tree(draft.request().body()));
    Bodies.checkIdentity(binding, "v1", "Binding");
    Bodies.requireName(draft, binding, "Binding");
    String kind = binding.child("target").text("kind");
    if (!kind.isEmpty() && !kind.equals("Node")) {
      throw Failures.invalid(
          "",
          "Binding",
          draft.name(),
          List.of(FieldError.notSupported("target.kind", kind, List.of("Node", "<empty>"))));
    }
    String node = binding.child("target").text("name");
    if (node.isEmpty()) {
      throw Failures.invalid(
          "", "Binding", draft.name(), List.of(FieldError.required("target.name", "")));
    }
    return new StagedBinding(draft, binding);
  }

  /** The bound pod, worked out from the present one. */
  private record Worked(Entry pod, Wire.Encoded bound) {
    Op put() {
      return new Op.Put(pod.key(), bound.bytes(), pod.revision(), bound.stampAt());
    }
  }

  private final class StagedBinding implements Staged {
    private final Draft draft;
    private final Obj binding;
    private Worked worked;
    private @Nullable Future<Commit> sent;

    StagedBinding(Draft draft, Obj binding) {
      this.draft = draft;
      this.binding = binding;
      this.worked = workOut(draft, binding);
    }

    @Override
    public void send(Pass pass) {
      if (!draft.dryRun()) {
        sent = storage.send(worked.put(), List.of());
      }
    }

    @Override
    public Answer end() throws InterruptedException {
      Answer done = draft.answer(201, Answers.success());
      if (draft.dryRun()) {
        return done;
      }
      Commit commit = sent == null ? storage.commit(worked.put(), List.of()) : Storage.await(sent);
      for (int tries = 1; tries < TRIES && commit instanceof Commit.Conflict; tries++) {
        worked = workOut(draft, binding);
        commit = storage.commit(worked.put(), List.of());
      }
      if (commit instanceof Commit.Conflict) {
        throw Failures.modified(draft.row().resource(), draft.name());
      }
      return done;
    }
  }

  private Worked workOut(Draft draft, Obj binding) {
    Entry entry = storage.entry(draft.row(), draft.namespace(), draft.name());
    Surface pod = Surface.of(entry.value());
    check(draft, pod, binding);
    Obj shown = shown(draft, binding);
    Admission.Attempt attempt =
        draft.attempt(Admission.Operation.CREATE, Optional.empty(), storage);
    admission.admit(attempt, shown);
    bind(pod, shown);
    admission.validate(attempt, shown);
    return new Worked(entry, pod.encoded());
  }

  /** Admission sees that a Binding is created. */
  private static Obj shown(Draft draft, Obj binding) {
    Obj shown = Obj.root(Trees.copy(binding.map()));
    shown.put("apiVersion", "v1").put("kind", "Binding");
    shown.make(META).put("name", draft.name()).put("namespace", draft.namespace());
    return shown;
  }

  private static void check(Draft draft, Surface pod, Obj binding) {
    String name = draft.name();
    if (!pod.text(META, "deletionTimestamp").isEmpty()) {
      throw conflict(draft, "pod " + name + " is being deleted, cannot be assigned to a host");
    }
    String node = pod.text("spec", "nodeName");
    if (!node.isEmpty()) {
      throw conflict(draft, "pod " + name + " is already assigned to node \"" + node + "\"");
    }
    if (pod.get("spec", "schedulingGates") instanceof List<?> gates && !gates.isEmpty()) {
      throw conflict(draft, "pod " + name + " has non-empty .spec.schedulingGates");
    }
    Metadata.checkUid(draft.row(), name, binding.child(META).text("uid"), pod.text(META, "uid"));
  }

  private static RuntimeException conflict(Draft draft, String message) {
    return Failures.conflict(draft.row().resource(), draft.name(), message);
  }

  private void bind(Surface pod, Obj binding) {
    pod.put("spec", "nodeName", binding.child("target").text("name"));
    tell(pod, binding, "annotations");
    tell(pod, binding, "labels");
    Obj status = Obj.root(child(pod, "", "status"));
    // Where it was meant to go is of no interest any more.
    List<Object> conditions = status.drop("nominatedNodeName").list("conditions");
    conditions.removeIf(
        each -> each instanceof Map<?, ?> map && "PodScheduled".equals(map.get("type")));
    conditions.add(
        Obj.tree(
            "lastTransitionTime",
            metadata.now().toString(),
            "status",
            "True",
            "type",
            "PodScheduled"));
    pod.put("", "status", status.map());
  }

  /** What a binding says about the pod itself is the pod's from now on. */
  private static void tell(Surface pod, Obj binding, String map) {
    Map<String, String> more = binding.child(META).strings(map);
    if (!more.isEmpty()) {
      Map<String, Object> all = child(pod, META, map);
      all.putAll(more);
      pod.put(META, map, all);
    }
  }

  /** A copy of what is there; empty when nothing is. */
  @SuppressWarnings("unchecked") // trees have text keys only
  private static Map<String, Object> child(Surface pod, String owner, String member) {
    return pod.get(owner, member) instanceof Map<?, ?> there
        ? (Map<String, Object>) there
        : new LinkedHashMap<>();
  }
}
