package dev.kapell.controllers.garbage;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.cache.ChangeHandler;
import dev.kapell.control.cache.Index;
import dev.kapell.control.cache.Indexes;
import dev.kapell.controllers.kinds.Kinds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** Who owns whom, read from the caches of all kinds. Thread-safe. */
final class Graph {
  /** One watched kind. */
  private record Watched<T extends ApiObject>(
      ResourceType<?> type, Cache<T> cache, Index<T, String> byOwner) {
    List<Dependent> dependents(String ownerUid) {
      List<Dependent> dependents = new ArrayList<>();
      byOwner.get(ownerUid).forEach(object -> dependents.add(new Dependent(type, object)));
      return dependents;
    }
  }

  /**
   * An object that has owners.
   *
   * @param type of the whole object
   * @param object perhaps only its metadata
   */
  record Dependent(ResourceType<?> type, ApiObject object) {}

  /** Owners are three or four deep; more are looked at no further. */
  private static final int LONGEST_CIRCLE = 64;

  private final Caches caches;
  private final Client client;
  private final Kinds kinds;
  private final Map<String, Watched<?>> watched = new ConcurrentHashMap<>();

  Graph(Caches caches, Client client, Kinds kinds) {
    this.caches = caches;
    this.client = client;
    this.kinds = kinds;
  }

  /** Watches every kind that is served now and no longer those that are not. */
  void refresh(BiConsumer<ResourceType<?>, Change> heard) {
    Set<String> served = new HashSet<>();
    for (ResourceType<?> type : kinds.owning()) {
      served.add(type.toString());
      if (!watched.containsKey(type.toString())) {
        watch(type, caches.metadata(type), heard);
      }
    }
    for (String name : Set.copyOf(watched.keySet())) {
      if (!served.contains(name)) {
        Watched<?> gone = watched.remove(name);
        if (gone != null) {
          caches.drop(gone.cache().type());
        }
      }
    }
  }

  /** What a cache told, without the type. */
  record Change(Optional<ApiObject> before, Optional<ApiObject> after) {}

  private <T extends ApiObject> void watch(
      ResourceType<?> type, Cache<T> cache, BiConsumer<ResourceType<?>, Change> heard) {
    watched.put(type.toString(), new Watched<>(type, cache, cache.index(Indexes.BY_OWNER_UID)));
    ChangeHandler<T> handler =
        (before, after) ->
            heard.accept(type, new Change(Optional.ofNullable(before), Optional.ofNullable(after)));
    cache.onChange(handler);
  }

  /** The object of an item as its cache shows it. */
  Optional<Dependent> find(Item item) {
    Watched<?> kind = watched.get(item.type());
    return kind == null ? Optional.empty() : find(kind, item);
  }

  private static <T extends ApiObject> Optional<Dependent> find(Watched<T> kind, Item item) {
    return kind.cache()
        .find(item.key())
        .filter(object -> object.metadata().uidOr("").equals(item.uid()))
        .map(object -> new Dependent(kind.type(), object));
  }

  /** Everything that names this uid as an owner. */
  List<Dependent> dependents(String ownerUid) {
    List<Dependent> dependents = new ArrayList<>();
    watched.values().forEach(kind -> dependents.addAll(kind.dependents(ownerUid)));
    return dependents;
  }

  /** Whether anything names this uid as an owner; costs the same however many do. */
  boolean hasDependents(String ownerUid) {
    return watched.values().stream().anyMatch(kind -> kind.byOwner().count(ownerUid) > 0);
  }

  /** The item that a reference in {@code dependent} points to; empty when its kind is unknown. */
  Optional<Item> owner(ApiObject dependent, OwnerReference reference) {
    return kinds
        .find(reference.apiVersionOr(""), reference.kindOr(""))
        .map(
            type ->
                new Item(type.toString(), place(type, dependent, reference), reference.uidOr("")));
  }

  private static ObjectKey place(
      ResourceType<?> type, ApiObject dependent, OwnerReference reference) {
    String namespace = type.namespaced() ? dependent.metadata().namespaceOr("") : "";
    return new ObjectKey(namespace, reference.nameOr(""));
  }

  /** The way from an object over its owners back to itself; empty when there is none. */
  Optional<String> circle(Dependent start) {
    String uid = start.object().metadata().uidOr("?");
    Set<String> seen = new HashSet<>();
    Deque<Dependent> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty() && seen.size() < LONGEST_CIRCLE) {
      Dependent here = open.poll();
      ObjectMeta meta = here.object().metadata();
      for (OwnerReference reference : meta.ownerReferences()) {
        if (reference.uidOr("").equals(uid)) {
          return Optional.of(here.type().kind() + " \"" + meta.nameOr("") + '"');
        }
        if (seen.add(reference.uidOr(""))) {
          owner(here.object(), reference).flatMap(this::find).ifPresent(open::add);
        }
      }
    }
    return Optional.empty();
  }

  /** How an owner stands; one that a cache does not show is asked of the server. */
  Verdict.Owner state(ApiObject dependent, OwnerReference reference) {
    Optional<ResourceType<?>> type = kinds.find(reference.apiVersionOr(""), reference.kindOr(""));
    boolean inNamespace = !dependent.metadata().namespaceOr("").isEmpty();
    if (type.isEmpty() || (type.get().namespaced() && !inNamespace)) {
      return Verdict.Owner.UNKNOWN;
    }
    return state(type.get(), place(type.get(), dependent, reference), reference.uidOr(""));
  }

  private <T extends ApiObject> Verdict.Owner state(
      ResourceType<T> type, ObjectKey key, String uid) {
    Optional<ObjectMeta> owner =
        find(new Item(type.toString(), key, uid))
            .map(dependent -> dependent.object().metadata())
            .or(() -> client.find(type, key).map(ApiObject::metadata))
            .filter(metadata -> metadata.uidOr("").equals(uid));
    if (owner.isEmpty()) {
      return Verdict.Owner.ABSENT;
    }
    boolean waits =
        owner.get().deletionTimestamp() != null
            && owner.get().finalizers().contains(GarbageCollector.FOREGROUND);
    return waits ? Verdict.Owner.WAITING : Verdict.Owner.PRESENT;
  }
}
