package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.admission.Admission.Operation;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.List;
import java.util.Optional;

/** Binds pods to nodes: the scheduler's one write. */
final class Bindings {
  private final Update update;
  private final Metadata metadata;

  Bindings(Update update, Metadata metadata) {
    this.update = update;
    this.metadata = metadata;
  }

  Answer.Single bind(Draft draft) throws InterruptedException {
    Obj binding = Obj.root(Bodies.tree(draft.request().body()));
    Bodies.checkIdentity(binding, "v1", "Binding");
    String node = binding.child("target").text("name");
    if (node.isEmpty()) {
      throw Failures.invalid(
          "", "Binding", draft.name(), List.of(FieldError.required("target.name", "")));
    }
    update.change(
        draft,
        new Update.Change() {
          @Override
          public Obj apply(Obj now) {
            return bound(draft, now, binding, node);
          }

          @Override
          public boolean isTracked() {
            return false; // nobody owns where a pod runs
          }

          @Override
          public boolean isChecked() {
            return false; // only what is set here changes
          }

          @Override
          public Optional<Lens> lens() {
            return Optional.of(Bindings.lens(draft, binding));
          }
        });
    return draft.answer(201, Answers.success());
  }

  /** Admission sees that a Binding is created. */
  private static Lens lens(Draft draft, Obj binding) {
    Obj shown = Obj.root(Trees.copy(binding.map()));
    shown.put("apiVersion", "v1").put("kind", "Binding");
    shown.make("metadata").put("name", draft.name()).put("namespace", draft.namespace());
    return new Lens() {
      @Override
      public Operation operation() {
        return Operation.CREATE;
      }

      @Override
      public Optional<Obj> before(Obj old) {
        return Optional.empty();
      }

      @Override
      public Obj after(Obj next) {
        return shown;
      }

      @Override
      public Obj restore(Obj made, Obj next) {
        next.make("spec").put("nodeName", made.child("target").text("name"));
        tell(made, next);
        return next;
      }
    };
  }

  /** What a binding says about the pod itself is the pod's from now on. */
  private static void tell(Obj binding, Obj pod) {
    for (String map : List.of("annotations", "labels")) {
      binding
          .child("metadata")
          .strings(map)
          .forEach((key, value) -> pod.make("metadata").make(map).put(key, value));
    }
  }

  private Obj bound(Draft draft, Obj pod, Obj binding, String node) {
    Obj meta = pod.make("metadata");
    String name = draft.name();
    if (meta.has("deletionTimestamp")) {
      throw Failures.conflict(
          draft.row().resource(),
          name,
          "pod " + name + " is being deleted, cannot be assigned to a host");
    }
    String uid = binding.child("metadata").text("uid");
    if (!uid.isEmpty()) {
      meta.put("uid", uid);
    }
    Obj spec = pod.make("spec");
    if (!spec.text("nodeName").isEmpty()) {
      throw Failures.conflict(
          draft.row().resource(),
          name,
          "pod " + name + " is already assigned to node \"" + spec.text("nodeName") + "\"");
    }
    if (!spec.values("schedulingGates").isEmpty()) {
      throw Failures.conflict(
          draft.row().resource(), name, "pod " + name + " has non-empty .spec.schedulingGates");
    }
    spec.put("nodeName", node);
    tell(binding, pod);
    Obj condition =
        Obj.root(
            Obj.tree(
                "lastTransitionTime",
                metadata.now().toString(),
                "status",
                "True",
                "type",
                "PodScheduled"));
    // Where it was meant to go is of no interest any more.
    List<Object> conditions = pod.make("status").drop("nominatedNodeName").list("conditions");
    conditions.removeIf(
        each -> each instanceof java.util.Map<?, ?> map && "PodScheduled".equals(map.get("type")));
    conditions.add(condition.map());
    return pod;
  }
}
