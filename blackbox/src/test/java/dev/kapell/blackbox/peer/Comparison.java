package dev.kapell.blackbox.peer;

import dev.kapell.blackbox.peer.Difference.Aspect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds where two answers to one request differ. */
final class Comparison {
  private static final Set<String> NONE = Set.of();

  private final List<Difference> found = new ArrayList<>();

  private Comparison() {}

  /** Where {@code ours} is not as {@code peer}. */
  static List<Difference> of(Call call, Api.Reply peer, Api.Reply ours, Since since) {
    Comparison comparison = new Comparison();
    if (peer.code() != ours.code()) {
      comparison.add(Aspect.ANSWER, call.method(), answer(peer), answer(ours));
    } else if ("Status".equals(peer.body().get("kind"))) {
      comparison.refusals(peer.body(), ours.body());
    } else {
      comparison.fields("", Normal.of(peer.body()), Normal.of(ours.body()));
      Map<String, Set<String>> theirs = Owners.of(peer.body());
      Map<String, Set<String>> mine = Owners.of(ours.body());
      since.unitePieces(call.kind(), theirs, mine);
      comparison.owners(theirs, mine);
    }
    return List.copyOf(comparison.found);
  }

  private void add(Aspect aspect, String place, @Nullable Object peer, @Nullable Object ours) {
    found.add(new Difference(aspect, place, text(peer), text(ours), ""));
  }

  private static String text(@Nullable Object value) {
    return value == null ? Difference.ABSENT : String.valueOf(value);
  }

  /** The code, and the causes where it is a refusal. */
  private static String answer(Api.Reply reply) {
    String causes = causes(reply.body()).keySet().toString();
    return (reply.code() + " " + causes.substring(1, causes.length() - 1)).strip();
  }

  private void refusals(Map<?, ?> peer, Map<?, ?> ours) {
    for (String name : List.of("kind", "status", "reason")) {
      scalar(name, peer.get(name), ours.get(name));
    }
    Map<?, ?> theirDetails = details(peer);
    Map<?, ?> myDetails = details(ours);
    for (String name : List.of("name", "group", "kind")) {
      scalar("details/" + name, theirDetails.get(name), myDetails.get(name));
    }
    Map<String, Set<String>> theirs = causes(peer);
    Map<String, Set<String>> mine = causes(ours);
    int before = found.size();
    Set<String> all = new TreeSet<>(theirs.keySet());
    all.addAll(mine.keySet());
    all.forEach(
        cause -> cause(cause, theirs.getOrDefault(cause, NONE), mine.getOrDefault(cause, NONE)));
    if (all.isEmpty() && found.size() == before) {
      scalar("message", peer.get("message"), ours.get("message"));
    }
  }

  /** Of what both say about one field for one reason, what only one says. */
  private void cause(String cause, Set<String> peer, Set<String> ours) {
    List<String> theirs = new ArrayList<>(peer);
    List<String> mine = new ArrayList<>(ours);
    theirs.removeIf(one -> mine.removeIf(other -> isSame(one, other)));
    for (int i = 0; i < Math.max(theirs.size(), mine.size()); i++) {
      String one = i < theirs.size() ? theirs.get(i) : Difference.ABSENT;
      String other = i < mine.size() ? mine.get(i) : Difference.ABSENT;
      String[] both = Wording.of(one, other);
      add(Aspect.CAUSE, cause, both[0], both[1]);
    }
  }

  private static boolean isSame(String peer, String ours) {
    String[] both = Wording.of(peer, ours);
    return both[0].equals(both[1]);
  }

  private void scalar(String place, @Nullable Object peer, @Nullable Object ours) {
    if (!Objects.equals(peer, ours)) {
      add(Aspect.STATUS, place, peer, ours);
    }
  }

  private static Map<?, ?> details(Map<?, ?> status) {
    return status.get("details") instanceof Map<?, ?> details ? details : Map.of();
  }

  /** The messages by field and reason; what is said twice is said once. */
  private static Map<String, Set<String>> causes(Map<?, ?> status) {
    Map<String, Set<String>> causes = new TreeMap<>();
    if (details(status).get("causes") instanceof List<?> list) {
      for (Object cause : list) {
        Map<?, ?> each = (Map<?, ?>) cause;
        causes
            .computeIfAbsent(each.get("field") + " " + each.get("reason"), name -> new TreeSet<>())
            .add(String.valueOf(each.get("message")));
      }
    }
    return causes;
  }

  private void fields(String path, @Nullable Object peer, @Nullable Object ours) {
    if (peer instanceof Map<?, ?> one && ours instanceof Map<?, ?> two) {
      Set<String> names = new TreeSet<>();
      one.keySet().forEach(key -> names.add(String.valueOf(key)));
      two.keySet().forEach(key -> names.add(String.valueOf(key)));
      String prefix = path.isEmpty() ? "" : path + "/";
      names.forEach(name -> fields(prefix + name, one.get(name), two.get(name)));
    } else if (peer instanceof List<?> one
        && ours instanceof List<?> two
        && one.size() == two.size()) {
      for (int i = 0; i < one.size(); i++) {
        fields(path + "/" + i, one.get(i), two.get(i));
      }
    } else if (!Objects.equals(peer, ours)) {
      add(Aspect.FIELD, path, peer, ours);
    }
  }

  private void owners(Map<String, Set<String>> theirs, Map<String, Set<String>> mine) {
    Set<String> managers = new TreeSet<>(theirs.keySet());
    managers.addAll(mine.keySet());
    for (String manager : managers) {
      Set<String> peer = theirs.getOrDefault(manager, Set.of());
      Set<String> ours = mine.getOrDefault(manager, Set.of());
      Set<String> paths = new TreeSet<>(peer);
      paths.addAll(ours);
      for (String path : paths) {
        if (peer.contains(path) != ours.contains(path)) {
          found.add(
              new Difference(
                  Aspect.OWNER,
                  path,
                  peer.contains(path) ? "owned" : Difference.ABSENT,
                  ours.contains(path) ? "owned" : Difference.ABSENT,
                  manager));
        }
      }
    }
  }
}
