package dev.kapell.apiserver.policy;

import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.store.Entry;
import dev.kapell.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The objects of one table, each compiled once for each of its revisions, in the order of their
 * names. What is stored counts at once: each look compares revisions. Thread-safe.
 */
final class Known<T> {
  private record One<T>(Entry entry, T value) {}

  private final Store store;
  private final String table;
  private final Function<Obj, T> compiler;
  private volatile List<One<T>> known = List.of();
  private volatile List<T> values = List.of();

  Known(Store store, String plural, Function<Obj, T> compiler) {
    this.store = store;
    this.table = "admissionregistration.k8s.io/" + plural;
    this.compiler = compiler;
  }

  List<T> all() {
    List<Entry> entries;
    try (var all = store.snapshot().list(table, "", "")) {
      entries = all.toList();
    }
    return isSame(entries) ? values : refreshed(entries);
  }

  private boolean isSame(List<Entry> entries) {
    List<One<T>> now = known;
    if (now.size() != entries.size()) {
      return false;
    }
    for (int i = 0; i < entries.size(); i++) {
      if (now.get(i).entry().revision() != entries.get(i).revision()) {
        return false;
      }
    }
    return true;
  }

  private synchronized List<T> refreshed(List<Entry> entries) {
    Map<Long, One<T>> before = new HashMap<>();
    known.forEach(one -> before.put(one.entry().revision(), one));
    List<One<T>> now = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      One<T> one = before.get(entry.revision());
      now.add(
          one != null
              ? one
              : new One<>(entry, compiler.apply(Obj.root(Wire.parse(entry.value())))));
    }
    List<T> fresh = now.stream().map(One::value).toList();
    values = fresh;
    known = List.copyOf(now);
    return fresh;
  }
}
