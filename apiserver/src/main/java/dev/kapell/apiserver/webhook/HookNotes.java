package dev.kapell.apiserver.webhook;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.audit.Trail;
import dev.kapell.apiserver.tree.Obj;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What the audit trail hears of one call of a hook, under the keys of the reference's "Dynamic
 * Admission Control".
 *
 * @param mutating whether the hook may change the object
 * @param round 0; 1 when it is asked again
 * @param index of the hook among those of its sort
 */
record HookNotes(Hook hook, boolean mutating, int round, int index) {
  /** Nobody answered, and the write goes on. */
  void failedOpen() {
    note(mutating ? "failed-open.mutation." : "failed-open.validating.", hook.name());
  }

  /** The call is over. */
  void mutated(boolean changed) {
    note("mutation.", about("mutated", changed));
  }

  /** The hook changed the object by {@code patch}. */
  void patched(List<?> patch) {
    if (Trail.current().wantsRequest()) {
      Map<String, Object> tree = about("patch", patch);
      tree.put("patchType", "JSONPatch");
      note("patch.", tree);
    }
  }

  private Map<String, Object> about(String field, Object value) {
    return Obj.tree("configuration", hook.configuration(), "webhook", hook.name(), field, value);
  }

  private void note(String prefix, Map<String, Object> tree) {
    note(prefix, new String(JsonCodec.writeTree(tree), StandardCharsets.UTF_8));
  }

  private void note(String prefix, String value) {
    Trail.current()
        .annotate(prefix + "webhook.admission.k8s.io/round_" + round + "_index_" + index, value);
  }
}
