package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.tree.Obj;
import java.util.Comparator;
import java.util.Optional;

/** Which class is the default one: of several that say so the newest, then the first by name. */
final class Defaulted {
  private Defaulted() {}

  /** The name of the default class of {@code table}, which carries {@code mark}. */
  static Optional<String> among(Lookup lookup, String table, String mark) {
    return lookup.list(table, "").stream()
        .map(each -> each.child("metadata"))
        .filter(each -> "true".equals(each.strings("annotations").get(mark)))
        .min(
            Comparator.comparing((Obj each) -> each.text("creationTimestamp"))
                .reversed()
                .thenComparing(each -> each.text("name")))
        .map(each -> each.text("name"));
  }
}
