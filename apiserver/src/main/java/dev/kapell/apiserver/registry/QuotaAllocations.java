package dev.kapell.apiserver.registry;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.quota.Quota;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.store.Entry;
import dev.kapell.store.Key;
import dev.kapell.store.Op;
import dev.kapell.store.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Room in the quotas of a namespace: taken in the transaction that stores an object and given back
 * in the one that changes or removes it, so that writes that run at the same time cannot exceed a
 * quota together.
 *
 * <p>What is used stands in the quota's status, which is part of the transaction. A quota whose
 * status is not current is counted anew. So that no object slips past a quota that is created at
 * the same time, every write also holds its transaction to a mark that each change of the
 * namespace's quotas moves.
 */
final class QuotaAllocations implements Allocations {
  static final String QUOTAS = "resourcequotas";
  private static final String MARKS = "kapell/quotas";

  /** Each of the two, by the name that quotas use, or nothing. */
  private record Move(Row row, Optional<Obj> before, Optional<Obj> after) {
    Map<String, Quantity> taken(Quota quota, Optional<Obj> object) {
      return object.map(each -> quota.taken(row.resource().qualifiedName(), each)).orElse(Map.of());
    }
  }

  @Override
  public List<Op> claim(Row row, Obj object, Pass pass) {
    if (isFree(row)) {
      return List.of();
    }
    String namespace = namespace(object);
    List<Op> ops = new ArrayList<>();
    if (row.table().equals(QUOTAS)) {
      ops.add(mark(namespace));
    } else {
      Key key = new Key(MARKS, namespace);
      ops.add(new Op.Check(key, pass.snapshot().get(key).map(Entry::revision).orElse(Op.ABSENT)));
    }
    ops.addAll(move(new Move(row, Optional.empty(), Optional.of(object)), namespace, pass));
    return ops;
  }

  @Override
  public List<Op> change(Row row, Obj next, Obj old, Pass pass) {
    if (isFree(row)) {
      return List.of();
    }
    String namespace = namespace(old);
    if (row.table().equals(QUOTAS)) {
      return next.child("spec").map().equals(old.child("spec").map())
          ? List.of()
          : List.of(mark(namespace));
    }
    return move(new Move(row, Optional.of(old), Optional.of(next)), namespace, pass);
  }

  @Override
  public List<Op> release(Row row, Obj old, Pass pass) {
    if (isFree(row)) {
      return List.of();
    }
    String namespace = namespace(old);
    List<Op> ops = new ArrayList<>();
    for (Op op : move(new Move(row, Optional.of(old), Optional.empty()), namespace, pass)) {
      // A quota that goes does not note that itself is gone.
      if (!row.table().equals(QUOTAS) || !op.key().equals(row.key(namespace, name(old)))) {
        ops.add(op);
      }
    }
    return ops;
  }

  private static boolean isFree(Row row) {
    return !row.resource().namespaced() || row.table().equals("events");
  }

  private static List<Op> move(Move move, String namespace, Pass pass) {
    List<Op> ops = new ArrayList<>();
    for (Stored stored : quotas(namespace, pass.snapshot())) {
      Obj object = pass.object(stored);
      Quota quota = new Quota(object);
      Map<String, Quantity> before = move.taken(quota, move.before());
      Map<String, Quantity> after = move.taken(quota, move.after());
      if (move.before().isEmpty() && move.row().table().equals("pods")) {
        quota.unstated(move.after().orElseThrow()).ifPresent(why -> refuse(move, why));
      }
      if (!before.equals(after)) {
        Map<String, Quantity> used =
            quota.used().orElseGet(() -> count(quota, namespace, pass.snapshot()));
        quota.excess(used, more(before, after)).ifPresent(why -> refuse(move, why));
        Obj next = Obj.root(new LinkedHashMap<>(object.map()));
        next.put("status", quota.status(Quota.moved(used, before, after)));
        ops.addAll(pass.put(stored, next));
      }
    }
    return ops;
  }

  private static Map<String, Quantity> more(
      Map<String, Quantity> before, Map<String, Quantity> after) {
    Map<String, Quantity> more = new LinkedHashMap<>(after);
    more.replaceAll((name, amount) -> amount.minus(before.getOrDefault(name, Quantity.ZERO)));
    return more;
  }

  private static void refuse(Move move, String why) {
    throw Failures.forbidden(move.row().resource(), name(move.after().orElseThrow()), why);
  }

  private static List<Stored> quotas(String namespace, Snapshot snapshot) {
    try (var entries = snapshot.list(QUOTAS, namespace + "/", "")) {
      return entries.map(Stored::of).toList();
    }
  }

  /** What all that is there takes. */
  static Map<String, Quantity> count(Quota quota, String namespace, Snapshot snapshot) {
    Map<String, Quantity> used = quota.nothing();
    for (String resource : quota.resources()) {
      int dot = resource.indexOf('.');
      String table =
          dot < 0 ? resource : Row.table(resource.substring(dot + 1), resource.substring(0, dot));
      List<Stored> objects;
      try (var entries = snapshot.list(table, namespace + "/", "")) {
        objects = entries.map(Stored::of).toList();
      }
      for (Stored object : objects) {
        used = Quota.moved(used, Map.of(), quota.taken(resource, object.object()));
      }
    }
    return used;
  }

  private static Op mark(String namespace) {
    return new Op.Put(new Key(MARKS, namespace), "{}".getBytes(StandardCharsets.UTF_8), Op.ANY, -1);
  }

  private static String namespace(Obj object) {
    return object.child("metadata").text("namespace");
  }

  private static String name(Obj object) {
    return object.child("metadata").text("name");
  }
}
