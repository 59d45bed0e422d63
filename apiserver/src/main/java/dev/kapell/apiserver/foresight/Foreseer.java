package dev.kapell.apiserver.foresight;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Knows what the scheduler would do. Thread-safe; changes nothing. */
public interface Foreseer {
  /**
   * Why a pod is where it is, or nowhere.
   *
   * @param seesNodes whether nodes, and pods elsewhere, may be named
   * @return the {@code status} of the answer; empty when it knows no such pod
   */
  Optional<Map<String, Object>> why(ObjectKey pod, boolean seesNodes);

  /**
   * Where the pods of {@code objects} would go, were these applied.
   *
   * @param objects as the server would store them
   * @param admission what becomes of a pod that a controller creates
   * @return the {@code status} of the answer
   */
  Map<String, Object> plan(List<Map<String, Object>> objects, Admitting admission);

  /**
   * How the queues stand.
   *
   * @param seesPods whether pods that wait may be named
   * @return an object for each, by name, with {@code metadata.name}, {@code spec} and {@code
   *     status}
   */
  List<Map<String, Object>> queues(boolean seesPods);

  /** Creates without storing. */
  @FunctionalInterface
  interface Admitting {
    /**
     * The pod as the server would store it.
     *
     * @throws dev.kapell.client.ApiFailure when the server would refuse it
     */
    Pod admit(Pod pod);
  }
}
