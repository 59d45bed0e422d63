package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Warns of new finalizers of custom resources whose names say a domain and no path: two writers may
 * take them for their own. Of built-in kinds such names are refused. Thread-safe.
 */
public final class FinalizerWarnings implements Admission {
  private static final Set<String> STANDARD = Set.of("orphan", "foregroundDeletion", "kubernetes");

  @Override
  public void validate(Attempt attempt, Obj object) {
    if (attempt.resource().type().isPresent() || attempt.operation() == Operation.DELETE) {
      return;
    }
    Set<String> added = new TreeSet<>(finalizers(object));
    attempt.old().ifPresent(old -> added.removeAll(finalizers(old)));
    added.removeIf(name -> name.contains("/") || STANDARD.contains(name));
    added.forEach(
        name ->
            attempt
                .warnings()
                .add(
                    "metadata.finalizers: \""
                        + name
                        + "\": prefer a domain-qualified finalizer name including a path (/) to"
                        + " avoid accidental conflicts with other finalizer writers"));
  }

  private static List<String> finalizers(Obj object) {
    return object.child("metadata").texts("finalizers");
  }
}
