package dev.kapell.apiserver.fields;

import dev.kapell.api.Times;
import dev.kapell.apiserver.tree.Obj;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The content of {@code metadata.managedFields}: each manager with its fields. One request's. */
final class Managers {
  private static final int MAX_UPDATERS = 10;
  private static final String ANCIENT = "ancient-changes";

  /** What a manager owns, in the names of {@code apiVersion}, and when it last took something. */
  private record Owned(FieldSet fields, String apiVersion, String time) {}

  private final Map<Manager, Owned> owners = new LinkedHashMap<>();

  /** Reads the fields of an entry. */
  @FunctionalInterface
  interface Reading {
    /** The set of {@code fields}, which are named as in {@code apiVersion}. */
    FieldSet read(Map<?, ?> fields, String apiVersion);
  }

  /** Reads entries; empty when one of them is malformed. */
  static Optional<Managers> parse(@Nullable Object entries, Reading reading) {
    Managers managers = new Managers();
    for (Object item : Values.list(entries)) {
      Map<?, ?> entry = Values.map(item);
      boolean fits =
          ("Apply".equals(entry.get("operation")) || "Update".equals(entry.get("operation")))
              && "FieldsV1".equals(entry.get("fieldsType"));
      if (!fits || !(entry.get("apiVersion") instanceof String version) || version.isEmpty()) {
        return Optional.empty();
      }
      managers.owners.put(
          Manager.of(entry),
          new Owned(
              reading.read(Values.map(entry.get("fieldsV1")), version),
              version,
              entry.get("time") instanceof String time ? time : ""));
    }
    return Optional.of(managers);
  }

  /** The entries, in Kubernetes' order. */
  List<Object> entries() {
    List<Map.Entry<Manager, Owned>> sorted = new ArrayList<>(owners.entrySet());
    sorted.sort(
        Comparator.<Map.Entry<Manager, Owned>, String>comparing(e -> e.getKey().operation())
            .thenComparing(e -> e.getValue().time())
            .thenComparing(e -> e.getKey().name())
            .thenComparing(e -> e.getValue().apiVersion())
            .thenComparing(e -> e.getKey().subresource()));
    List<Object> entries = new ArrayList<>(sorted.size());
    sorted.forEach(owner -> entries.add(entry(owner.getKey(), owner.getValue())));
    return entries;
  }

  private static Map<String, Object> entry(Manager manager, Owned owned) {
    Obj entry =
        Obj.root(
            Obj.tree(
                "apiVersion", owned.apiVersion(),
                "fieldsType", "FieldsV1",
                "fieldsV1", owned.fields().tree(),
                "manager", manager.name(),
                "operation", manager.operation()));
    if (!manager.subresource().isEmpty()) {
      entry.put("subresource", manager.subresource());
    }
    if (!owned.time().isEmpty()) {
      entry.put("time", owned.time());
    }
    return entry.map();
  }

  boolean isEmpty() {
    return owners.isEmpty();
  }

  List<Manager> all() {
    return List.copyOf(owners.keySet());
  }

  FieldSet fields(Manager manager) {
    Owned owned = owners.get(manager);
    return owned == null ? new FieldSet() : owned.fields();
  }

  /** The version in whose names the manager's fields are; empty for an unknown manager. */
  String apiVersion(Manager manager) {
    Owned owned = owners.get(manager);
    return owned == null ? "" : owned.apiVersion();
  }

  /** Gives {@code manager} exactly these fields; one without any goes. */
  void put(Manager manager, String apiVersion, FieldSet fields) {
    Owned before = owners.get(manager);
    owners.put(manager, new Owned(fields, apiVersion, before == null ? "" : before.time()));
  }

  void touch(Manager manager, Instant now) {
    owners.computeIfPresent(
        manager, (who, owned) -> new Owned(owned.fields(), owned.apiVersion(), Times.seconds(now)));
  }

  void change(Manager manager, UnaryOperator<FieldSet> change) {
    owners.computeIfPresent(
        manager,
        (who, owned) -> new Owned(change.apply(owned.fields()), owned.apiVersion(), owned.time()));
  }

  void drop(Manager manager) {
    owners.remove(manager);
  }

  void dropEmpty() {
    owners.values().removeIf(owned -> owned.fields().isEmpty());
  }

  /** Everything that is owned by anybody, by version. */
  Map<String, FieldSet> byVersion() {
    Map<String, FieldSet> all = new LinkedHashMap<>();
    owners
        .values()
        .forEach(owned -> all.merge(owned.apiVersion(), owned.fields(), FieldSet::union));
    return all;
  }

  /** Puts the oldest updaters together, so that there are at most ten. */
  void cap() {
    if (owners.size() <= MAX_UPDATERS) {
      return;
    }
    List<Map.Entry<Manager, Owned>> updaters =
        new ArrayList<>(
            owners.entrySet().stream().filter(owner -> !owner.getKey().applies()).toList());
    if (updaters.size() <= MAX_UPDATERS) {
      return;
    }
    Function<Map.Entry<Manager, Owned>, String> time = owner -> owner.getValue().time();
    updaters.sort(Comparator.comparing(time).thenComparing(owner -> owner.getKey().name()));
    int left = updaters.size();
    Map<String, Manager> first = new LinkedHashMap<>();
    for (Map.Entry<Manager, Owned> updater : updaters) {
      if (left <= MAX_UPDATERS) {
        return;
      }
      String version = updater.getValue().apiVersion();
      Manager oldest = first.putIfAbsent(version, updater.getKey());
      if (oldest != null) {
        bury(Manager.updater(ANCIENT, version, ""), oldest, updater);
        left--;
      }
    }
  }

  private void bury(Manager bucket, Manager oldest, Map.Entry<Manager, Owned> updater) {
    Owned start = owners.containsKey(bucket) ? owners.get(bucket) : owners.remove(oldest);
    Owned more = updater.getValue();
    FieldSet fields = start == null ? more.fields() : start.fields().union(more.fields());
    owners.remove(updater.getKey());
    owners.put(bucket, new Owned(fields, more.apiVersion(), more.time()));
  }
}
