package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.tree.Obj;
import java.util.List;

/** A pod stays five minutes on a node that went silent, unless it says otherwise. */
final class Tolerations implements Admission {
  private static final long SECONDS = 300;

  @Override
  public void admit(Attempt attempt, Obj pod) {
    if (!attempt.creates("pods") && !attempt.updates("pods")) {
      return;
    }
    Obj spec = pod.make("spec");
    for (String key : List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")) {
      if (spec.items("tolerations").stream().noneMatch(toleration -> covers(toleration, key))) {
        spec.list("tolerations")
            .add(
                Obj.tree(
                    "effect",
                    "NoExecute",
                    "key",
                    key,
                    "operator",
                    "Exists",
                    "tolerationSeconds",
                    SECONDS));
      }
    }
  }

  private static boolean covers(Obj toleration, String key) {
    String own = toleration.text("key");
    String effect = toleration.text("effect");
    return (own.isEmpty() || own.equals(key)) && (effect.isEmpty() || effect.equals("NoExecute"));
  }
}
