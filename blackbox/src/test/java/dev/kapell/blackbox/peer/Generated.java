package dev.kapell.blackbox.peer;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Cases made of the kinds in {@code kinds.txt}: from a seed, objects are made with some of the
 * parts that the file lists, then applied, patched and updated with others by three managers; and
 * each bad value is tried in every way.
 */
final class Generated {
  private static final int HISTORIES = 150;
  private static final List<String> MANAGERS = List.of("ann", "bob", "cleo");

  private final long seed;
  private final Random random;

  Generated(long seed) {
    this.seed = seed;
    random = new Random(seed);
  }

  /**
   * A kind with parts to choose from.
   *
   * @param name of the kind
   * @param base what it cannot be without, in flow YAML
   * @param parts objects to merge into it
   * @param bad objects that make it invalid
   */
  private record Kind(String name, String base, List<String> parts, List<String> bad) {}

  /** Histories of objects, by the seed. */
  List<Script> histories() {
    List<Kind> kinds = kinds();
    List<Script> scripts = new ArrayList<>();
    for (int i = 0; i < HISTORIES; i++) {
      Kind kind = kinds.get(i % kinds.size());
      scripts.add(
          new Script(
              "g%d-%03d".formatted(seed, i), "a history of a " + kind.name(), history(kind)));
    }
    return scripts;
  }

  /** Every bad value, whatever the seed. */
  static List<Script> badValues() {
    List<Script> scripts = new ArrayList<>();
    int number = 0;
    for (Kind kind : kinds()) {
      for (String bad : kind.bad()) {
        scripts.add(
            new Script(
                "b%03d".formatted(number++),
                "a bad value of a " + kind.name() + ": " + bad,
                bad(kind, bad)));
      }
    }
    return scripts;
  }

  private static List<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>();
    for (String line : Table.text("kinds.txt").lines().toList()) {
      String text = line.strip();
      if (text.startsWith("kind ")) {
        String[] words = text.split(" ", 3);
        kinds.add(new Kind(words[1], words[2], new ArrayList<>(), new ArrayList<>()));
      } else if (text.startsWith("part ")) {
        kinds.getLast().parts().add(text.substring(5));
      } else if (text.startsWith("bad ")) {
        kinds.getLast().bad().add(text.substring(4));
      }
    }
    return kinds;
  }

  private List<String> history(Kind kind) {
    List<String> lines = new ArrayList<>();
    boolean byApply = random.nextBoolean();
    Map<String, Object> first = tree(kind.base());
    some(kind, 3).forEach(part -> merge(first, part));
    lines.add((byApply ? "APPLY " : "CREATE ") + kind.name() + manager(byApply) + json(first));
    int steps = 3 + random.nextInt(3);
    for (int i = 0; i < steps; i++) {
      lines.add(step(kind));
    }
    lines.add("GET " + kind.name());
    return lines;
  }

  private String step(Kind kind) {
    String strategic = kind.name().equals("Widget") ? "MERGE " : "STRATEGIC ";
    // 1.20 wants the cluster IP and the revision in an update of a Service; since 1.22 it keeps
    // them.
    String update = kind.name().equals("Service") ? "MERGE " : "UPDATE ";
    return switch (random.nextInt(6)) {
      case 0 -> update + kind.name() + manager(false) + json(whole(kind));
      case 1 -> "MERGE " + kind.name() + manager(false) + json(change(kind, 1));
      case 2 -> strategic + kind.name() + manager(false) + json(change(kind, 1));
      case 3 -> "APPLY " + kind.name() + manager(true) + json(whole(kind));
      default -> "APPLY " + kind.name() + manager(true) + json(change(kind, 2));
    };
  }

  private Map<String, Object> whole(Kind kind) {
    Map<String, Object> whole = tree(kind.base());
    some(kind, 2).forEach(part -> merge(whole, part));
    return whole;
  }

  private Map<String, Object> change(Kind kind, int most) {
    Map<String, Object> change = new TreeMap<>();
    some(kind, most).forEach(part -> merge(change, part));
    return change;
  }

  private static List<String> bad(Kind kind, String bad) {
    Map<String, Object> object = tree(kind.base());
    merge(object, tree(bad));
    Map<String, Object> good = tree(kind.base());
    return List.of(
        "CREATE " + kind.name() + "?fieldManager=ann " + json(object),
        "CREATE " + kind.name() + "?fieldManager=ann " + json(good),
        "UPDATE " + kind.name() + "?fieldManager=bob " + json(object),
        "MERGE " + kind.name() + "?fieldManager=bob " + json(tree(bad)));
  }

  private String manager(boolean apply) {
    String force = apply && random.nextInt(3) == 0 ? "&force=true" : "";
    String dryRun = random.nextInt(8) == 0 ? "&dryRun=All" : "";
    return "?fieldManager=" + MANAGERS.get(random.nextInt(MANAGERS.size())) + force + dryRun + " ";
  }

  private List<Map<String, Object>> some(Kind kind, int most) {
    List<Map<String, Object>> some = new ArrayList<>();
    int count = kind.parts().isEmpty() ? 0 : random.nextInt(most + 1);
    for (int i = 0; i < count; i++) {
      some.add(tree(kind.parts().get(random.nextInt(kind.parts().size()))));
    }
    return some;
  }

  /** Objects are merged; a list with named elements element by element; the rest is replaced. */
  @SuppressWarnings("unchecked") // trees have text keys
  private static void merge(Map<String, Object> into, Map<String, Object> part) {
    part.forEach(
        (name, value) -> {
          Object present = into.get(name);
          if (present instanceof Map<?, ?> one && value instanceof Map<?, ?> two) {
            merge((Map<String, Object>) one, (Map<String, Object>) two);
          } else if (present instanceof List<?> one && value instanceof List<?> two) {
            into.put(name, mergeLists((List<Object>) one, (List<Object>) two));
          } else {
            into.put(name, value);
          }
        });
  }

  @SuppressWarnings("unchecked") // trees have text keys
  private static List<Object> mergeLists(List<Object> one, List<Object> two) {
    List<Object> all = new ArrayList<>(one);
    for (Object item : two) {
      Object name = item instanceof Map<?, ?> map ? map.get("name") : null;
      Map<String, Object> same =
          (Map<String, Object>)
              all.stream()
                  .filter(
                      each ->
                          name != null && each instanceof Map<?, ?> m && name.equals(m.get("name")))
                  .findFirst()
                  .orElse(null);
      if (same != null) {
        merge(same, (Map<String, Object>) item);
      } else if (!all.contains(item)) {
        all.add(item);
      }
    }
    return all;
  }

  @SuppressWarnings("unchecked") // trees have text keys
  private static Map<String, Object> tree(String flow) {
    return new LinkedHashMap<>(Serialization.unmarshal("--- " + flow, Map.class));
  }

  private static String json(Map<String, Object> tree) {
    return Serialization.asJson(tree);
  }
}
