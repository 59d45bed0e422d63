package dev.kapell.scheduler.share;

import dev.kapell.api.DecodeException;
import dev.kapell.api.resource.Quantity;
import dev.kapell.api.yaml.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The queues of a ConfigMap: a key is a name, its text is YAML with {@code weight}, {@code
 * guarantee} and {@code limit}, all optional. Immutable.
 *
 * @param queues those that can be read
 * @param problems what is wrong with the others, one line each
 */
public record Definitions(List<Queue> queues, List<String> problems) {
  /** No queue. */
  public static final Definitions NONE = new Definitions(List.of(), List.of());

  private static final Set<String> FIELDS = Set.of("weight", "guarantee", "limit");
  private static final double MOST_WEIGHT = 1_000_000;

  private static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message, null, false, false);
    }
  }

  /** Copies. */
  public Definitions {
    queues = List.copyOf(queues);
    problems = List.copyOf(problems);
  }

  /** Reads {@code data} of the ConfigMap. */
  public static Definitions read(Map<String, String> data) {
    List<Queue> queues = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    new TreeMap<>(data)
        .forEach(
            (name, text) -> {
              try {
                queues.add(queue(name, text));
              } catch (Invalid e) {
                problems.add("queue \"" + name + "\": " + e.getMessage());
              }
            });
    return new Definitions(queues, problems);
  }

  private static Queue queue(String name, String text) throws Invalid {
    Object tree;
    try {
      tree = text.isBlank() ? Map.of() : Yaml.document(text);
    } catch (DecodeException e) {
      throw new Invalid(String.valueOf(e.getMessage()));
    }
    if (!(tree instanceof Map<?, ?> fields)) {
      throw new Invalid("has to be an object with weight, guarantee and limit");
    }
    for (Object field : fields.keySet()) {
      if (!FIELDS.contains(String.valueOf(field))) {
        throw new Invalid("unknown field \"" + field + "\"; there are weight, guarantee, limit");
      }
    }
    return new Queue(
        name,
        weight(fields.get("weight")),
        amounts("guarantee", fields.get("guarantee")),
        amounts("limit", fields.get("limit")));
  }

  private static double weight(@Nullable Object value) throws Invalid {
    if (value == null) {
      return 1;
    }
    if (value instanceof Number number
        && number.doubleValue() > 0
        && number.doubleValue() <= MOST_WEIGHT) {
      return number.doubleValue();
    }
    throw new Invalid("weight must be a number above 0, 1000000 at most");
  }

  private static Map<String, Quantity> amounts(String field, @Nullable Object tree) throws Invalid {
    if (tree == null) {
      return Map.of();
    }
    if (!(tree instanceof Map<?, ?> map)) {
      throw new Invalid(field + " must be amounts by resource, for instance {cpu: 8}");
    }
    Map<String, Quantity> amounts = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String resource = String.valueOf(entry.getKey());
      Quantity amount;
      try {
        amount = Quantity.parse(String.valueOf(entry.getValue()));
      } catch (DecodeException | IllegalArgumentException e) {
        throw new Invalid(field + "." + resource + " must be an amount such as 8, 500m or 16Gi");
      }
      if (amount.signum() < 0) {
        throw new Invalid(field + "." + resource + " must not be negative");
      }
      amounts.put(resource, amount);
    }
    return amounts;
  }
}
