package dev.kapell.apiserver.webhook;

import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.store.Entry;
import dev.kapell.store.Store;
import java.util.ArrayList;
import java.util.List;

/**
 * The hooks of one table of configurations, in the order of their names. A configuration counts
 * from the moment it is stored: each look compares what was compiled with what is there.
 */
final class Configurations {
  private record Known(List<Entry> entries, List<Hook> hooks) {}

  private final Store store;
  private final String table;
  private volatile Known known = new Known(List.of(), List.of());

  Configurations(Store store, String plural) {
    this.store = store;
    this.table = "admissionregistration.k8s.io/" + plural;
  }

  List<Hook> hooks() {
    List<Entry> entries;
    try (var all = store.snapshot().list(table, "", "")) {
      entries = all.toList();
    }
    Known now = known;
    if (!isSame(now.entries(), entries)) {
      now = new Known(entries, compile(entries));
      known = now;
    }
    return now.hooks();
  }

  private static boolean isSame(List<Entry> known, List<Entry> entries) {
    if (known.size() != entries.size()) {
      return false;
    }
    for (int i = 0; i < entries.size(); i++) {
      if (known.get(i).revision() != entries.get(i).revision()) {
        return false;
      }
    }
    return true;
  }

  private static List<Hook> compile(List<Entry> entries) {
    List<Hook> hooks = new ArrayList<>();
    for (Entry entry : entries) {
      Obj configuration = Obj.root(Wire.parse(entry.value()));
      List<Obj> webhooks = configuration.items("webhooks");
      for (int i = 0; i < webhooks.size(); i++) {
        hooks.add(Hook.of(entry.key().path(), i, webhooks.get(i)));
      }
    }
    return List.copyOf(hooks);
  }
}
