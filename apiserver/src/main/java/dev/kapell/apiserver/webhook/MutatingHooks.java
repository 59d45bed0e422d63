package dev.kapell.apiserver.webhook;

import dev.kapell.api.patch.JsonPatch;
import dev.kapell.api.patch.PatchException;
import dev.kapell.apiserver.admission.Admission.Attempt;
import dev.kapell.apiserver.admission.Admission.Operation;
import dev.kapell.apiserver.admission.Reinvocation;
import dev.kapell.apiserver.registry.Row;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.request.FieldValidation;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks mutating hooks one after the other; each sees what those before it made. */
final class MutatingHooks {
  private final Selection selection;
  private final HookCalls calls;

  MutatingHooks(Selection selection, HookCalls calls) {
    this.selection = selection;
    this.calls = calls;
  }

  void run(List<Hook> hooks, Attempt attempt, Obj object) {
    Reinvocation turns = Reinvocation.begin(attempt.rounds(), this, object);
    int round = attempt.rounds().isSecond() ? 1 : 0;
    for (int i = 0; i < hooks.size(); i++) {
      if (turns.includes(hooks.get(i).id())) {
        run(new HookNotes(hooks.get(i), true, round, i), attempt, object, turns);
      }
    }
    turns.end(object);
  }

  private void run(HookNotes notes, Attempt attempt, Obj object, Reinvocation turns) {
    Hook hook = notes.hook();
    Optional<Selection.Asked> asked = selection.ask(hook, attempt, object);
    if (asked.isEmpty()) {
      return;
    }
    if (ask(notes, attempt, object, asked.get())) {
      turns.changed();
      attempt.rounds().wantSecond();
    }
    if (hook.reinvocable()) {
      turns.asked(hook.id());
    }
  }

  /** Whether the hook changed anything. */
  private boolean ask(HookNotes notes, Attempt attempt, Obj object, Selection.Asked asked) {
    boolean changed = false;
    try {
      Optional<List<?>> patch = calls.ask(notes, asked.request(), attempt);
      if (patch.isPresent()) {
        changed = patched(notes.hook(), attempt, object, asked, patch.get());
        notes.patched(patch.get());
      }
    } finally {
      notes.mutated(changed);
    }
    return changed;
  }

  /** Whether the patch changed anything. */
  private static boolean patched(
      Hook hook, Attempt attempt, Obj object, Selection.Asked asked, List<?> patch) {
    if (attempt.operation() == Operation.DELETE) {
      throw Failures.internal(
          "admission webhook \""
              + hook.name()
              + "\" attempted to modify the object, which is not supported for this operation");
    }
    Map<String, Object> before = Trees.copy(object.map());
    Obj next = asked.request().child("object");
    try {
      next = Obj.root(tree(JsonPatch.apply(next.map(), patch)));
    } catch (PatchException e) {
      throw Failures.internal(
          "the patch of admission webhook \"" + hook.name() + "\" failed: " + e.getMessage());
    }
    if (asked.review().isOwnKind()) {
      next = stored(asked.review().row(), next);
      if (!next.text("apiVersion").equals(object.text("apiVersion"))) {
        asked.review().own().conversion().fromStored(next);
      }
    }
    checkPlace(attempt, object, next);
    object.map().clear();
    object.map().putAll(next.map());
    return !before.equals(object.map());
  }

  private static Obj stored(Row row, Obj next) {
    Obj canonical =
        Obj.root(row.form().canonical(next.map(), FieldValidation.IGNORE, new ArrayList<>()));
    canonical.put("apiVersion", row.resource().apiVersion()).put("kind", row.resource().kind());
    row.conversion().toStored(canonical);
    row.strategy().defaults().apply(canonical);
    return canonical;
  }

  /** A hook changes an object, never which object it is. */
  private static void checkPlace(Attempt attempt, Obj object, Obj next) {
    List<String> fixed =
        attempt.create() ? List.of("namespace") : List.of("namespace", "name", "uid");
    for (String field : fixed) {
      String now = next.child("metadata").text(field);
      if (!now.equals(object.child("metadata").text(field))) {
        throw Failures.invalid(
            attempt.resource(),
            object.child("metadata").text("name"),
            List.of(FieldError.invalid("metadata." + field, now, "field is immutable")));
      }
    }
  }

  @SuppressWarnings("unchecked") // trees have text keys only
  private static Map<String, Object> tree(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw Failures.internal("a webhook's patch left no object");
  }
}
