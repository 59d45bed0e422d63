package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which definition has which names, in each group. Belongs to one thread. */
final class Claims {
  private record Name(String group, boolean kind, String text) {}

  private final Map<Name, String> owners = new HashMap<>();
  private final Map<String, Set<Name>> owned = new HashMap<>();

  /** Whether no other definition has the name of a resource. */
  boolean isFreeResource(Definition asking, String name) {
    return isFree(asking, new Name(asking.group(), false, name));
  }

  /** Whether no other definition has the name of a kind. */
  boolean isFreeKind(Definition asking, String name) {
    return isFree(asking, new Name(asking.group(), true, name));
  }

  private boolean isFree(Definition asking, Name name) {
    return name.text().isEmpty() || asking.name().equals(owners.getOrDefault(name, asking.name()));
  }

  /**
   * From now on {@code owner} has these names, as far as they are free, and no others.
   *
   * @return whether it lets go of some
   */
  boolean settle(Definition owner, Obj names) {
    Set<Name> now = new HashSet<>();
    for (boolean kind : new boolean[] {false, true}) {
      for (String text : texts(names, kind)) {
        Name name = new Name(owner.group(), kind, text);
        if (isFree(owner, name)) {
          now.add(name);
        }
      }
    }
    boolean released = release(owner.name(), now);
    now.forEach(name -> owners.put(name, owner.name()));
    owned.put(owner.name(), now);
    return released;
  }

  private static List<String> texts(Obj names, boolean kind) {
    List<String> texts = new ArrayList<>();
    texts.add(names.text(kind ? "kind" : "plural"));
    texts.add(names.text(kind ? "listKind" : "singular"));
    if (!kind) {
      texts.addAll(names.texts("shortNames"));
    }
    texts.removeIf(String::isEmpty);
    return texts;
  }

  /** {@code owner} is gone; returns whether it had names. */
  boolean release(String owner) {
    return release(owner, Set.of());
  }

  private boolean release(String owner, Set<Name> kept) {
    Set<Name> before = owned.remove(owner);
    boolean released = false;
    for (Name name : before == null ? Set.<Name>of() : before) {
      released |= !kept.contains(name) && owners.remove(name, owner);
    }
    return released;
  }
}
