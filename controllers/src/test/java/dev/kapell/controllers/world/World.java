package dev.kapell.controllers.world;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Objects by type and name. Plans are applied with the server's rules on uid and generation. */
public final class World {
  private final Map<String, Map<ObjectKey, ApiObject>> objects = new TreeMap<>();
  private final List<String> told = new ArrayList<>();
  private long counter;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  public Instant now() {
    return now;
  }

  public void pass(long seconds) {
    now = now.plusSeconds(seconds);
  }

  /** The events told, as {@code Reason message}. */
  public List<String> told() {
    return List.copyOf(told);
  }

  @SuppressWarnings("unchecked") // the map of a type holds objects of that type
  public <T extends ApiObject> List<T> all(ResourceType<T> type) {
    return (List<T>) List.copyOf(objects.getOrDefault(type.toString(), Map.of()).values());
  }

  @SuppressWarnings("unchecked") // as above
  public <T extends ApiObject> Optional<T> find(
      ResourceType<T> type, String namespace, String name) {
    return Optional.ofNullable(
        (T) objects.getOrDefault(type.toString(), Map.of()).get(new ObjectKey(namespace, name)));
  }

  public <T extends ApiObject> T get(ResourceType<T> type, String namespace, String name) {
    return find(type, namespace, name).orElseThrow();
  }

  /** Creates as a server would. */
  public <T extends ApiObject> T create(ResourceType<T> type, T object) {
    counter++;
    ObjectMeta meta = object.metadata();
    String name = meta.nameOr(meta.generateNameOr("") + "x" + counter);
    ObjectMeta full =
        meta.withName(name)
            .withUid("uid-" + counter)
            .withResourceVersion("" + counter)
            .withGeneration(1L)
            .withCreationTimestamp(now);
    T made = type.withMetadata(object, full);
    Map<ObjectKey, ApiObject> table = table(type);
    if (table.putIfAbsent(ObjectKey.of(made), made) != null) {
      throw new AssertionError("exists already: " + type + " " + ObjectKey.of(made));
    }
    return made;
  }

  /** Replaces an object, as its owner or a node would. */
  public <T extends ApiObject> void put(ResourceType<T> type, T object) {
    counter++;
    table(type)
        .put(
            ObjectKey.of(object),
            type.withMetadata(object, object.metadata().withResourceVersion("" + counter)));
  }

  public <T extends ApiObject> void remove(ResourceType<T> type, T object) {
    table(type).remove(ObjectKey.of(object));
  }

  public void apply(Plan plan) {
    plan.changes().forEach(this::apply);
  }

  private void apply(Change change) {
    switch (change) {
      case Change.Create<?> create -> create(create);
      case Change.Update<?> update -> update(update);
      case Change.UpdateStatus<?> update -> updateStatus(update);
      case Change.Delete<?> delete -> delete(delete);
      case Change.PatchObject<?> patch -> throw new AssertionError("no patches: " + patch);
      case Change.Tell tell -> told.add(tell.reason() + " " + tell.message());
    }
  }

  private <T extends ApiObject> void create(Change.Create<T> create) {
    create(create.type(), create.object());
  }

  private <T extends ApiObject> void update(Change.Update<T> update) {
    if (update.before().equals(update.after())) {
      return;
    }
    checkFresh(update.type(), update.before());
    ObjectMeta meta = update.after().metadata();
    boolean sameSpec = spec(update.before()).equals(spec(update.after()));
    long generation = meta.generationOr(1L) + (sameSpec ? 0 : 1);
    if (meta.deletionTimestamp() != null && meta.finalizers().isEmpty()) {
      remove(update.type(), update.after());
      return;
    }
    put(update.type(), update.type().withMetadata(update.after(), meta.withGeneration(generation)));
  }

  private <T extends ApiObject> void updateStatus(Change.UpdateStatus<T> update) {
    if (!update.before().equals(update.after())) {
      checkFresh(update.type(), update.before());
      put(update.type(), update.after());
    }
  }

  private <T extends ApiObject> void checkFresh(ResourceType<T> type, T before) {
    ApiObject there = table(type).get(ObjectKey.of(before));
    if (there == null
        || !there
            .metadata()
            .resourceVersionOr("")
            .equals(before.metadata().resourceVersionOr("?"))) {
      throw new AssertionError("written on an old state: " + type + " " + ObjectKey.of(before));
    }
  }

  private <T extends ApiObject> void delete(Change.Delete<T> delete) {
    Optional<T> there = find(delete.type(), delete.key().namespace(), delete.key().name());
    if (there.isEmpty() || !there.get().metadata().uidOr("").equals(delete.uid())) {
      return;
    }
    ObjectMeta meta = there.get().metadata();
    if (meta.finalizers().isEmpty()) {
      table(delete.type()).remove(delete.key());
    } else if (meta.deletionTimestamp() == null) {
      put(delete.type(), delete.type().withMetadata(there.get(), meta.withDeletionTimestamp(now)));
    }
  }

  private static Object spec(ApiObject object) {
    return switch (object) {
      case Deployment deployment -> deployment.spec();
      case ReplicaSet set -> set.spec();
      case Pod pod -> pod.spec();
      default -> object;
    };
  }

  private Map<ObjectKey, ApiObject> table(ResourceType<?> type) {
    return objects.computeIfAbsent(type.toString(), t -> new TreeMap<>());
  }

  /** Every pod of the world. */
  public List<Pod> pods() {
    return all(Types.POD);
  }
}
