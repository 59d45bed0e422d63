package dev.kapell.scheduler.share;

import dev.kapell.api.resource.Quantity;
import dev.kapell.client.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a queue stands. Immutable.
 *
 * @param use what its pods have
 * @param running how many of its pods have a node
 * @param waiting those that have none, in the order in which they come next
 */
public record Standing(Queue queue, Use use, int running, List<ObjectKey> waiting) {
  /** So many waiting pods are named. */
  private static final int NAMED = 20;

  /** Copies. */
  public Standing {
    waiting = List.copyOf(waiting);
  }

  /**
   * What the pods of a queue have.
   *
   * @param amounts by resource
   * @param dominant the resource of which they have the largest part; empty when they have nothing
   * @param share that part of all nodes, 0 to 1
   * @param ofEntitlement which part that is of what the queue is entitled to; more than 1: it
   *     borrows
   */
  public record Use(
      Map<String, Quantity> amounts, String dominant, double share, double ofEntitlement) {
    /** Copies. */
    public Use {
      amounts = Map.copyOf(amounts);
    }
  }

  /**
   * As the API shows it.
   *
   * @param seesPods whether waiting pods may be named
   */
  public Map<String, Object> tree(boolean seesPods) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("weight", queue.weight());
    spec.put("guarantee", texts(queue.guarantee()));
    spec.put("limit", texts(queue.limit()));
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("dominantResource", use.dominant());
    status.put("share", percent(use.share()));
    status.put("entitlementUsed", percent(use.ofEntitlement()));
    status.put("used", texts(use.amounts()));
    status.put("running", (long) running);
    status.put("waiting", (long) waiting.size());
    if (seesPods) {
      List<Object> names = new ArrayList<>();
      waiting.stream().limit(NAMED).forEach(key -> names.add(key.toString()));
      status.put("waitingPods", names);
    }
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", queue.name());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("metadata", metadata);
    tree.put("spec", spec);
    tree.put("status", status);
    return tree;
  }

  private static Map<String, Object> texts(Map<String, Quantity> amounts) {
    Map<String, Object> texts = new TreeMap<>();
    amounts.forEach((resource, amount) -> texts.put(resource, amount.toString()));
    return texts;
  }

  private static String percent(double part) {
    return Math.round(part * 100) + "%";
  }
}
