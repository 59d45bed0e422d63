package dev.kapell.controllers.kinds;

import dev.kapell.api.GroupVersion;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Every kind that is kept, once each: of several versions of one resource the first counts, since
 * all show the same objects. Events are left out where owners matter: nothing depends on them.
 */
public final class Kinds {
  private static final Set<String> EVENTS = Set.of("events", "events.events.k8s.io");

  private final Supplier<List<ResourceType<?>>> custom;

  /** {@code custom} tells the kinds that custom resource definitions add now. */
  public Kinds(Supplier<List<ResourceType<?>>> custom) {
    this.custom = custom;
  }

  /** All, pods first. */
  public List<ResourceType<?>> all() {
    Map<String, ResourceType<?>> distinct = new LinkedHashMap<>();
    Types.all().forEach(type -> distinct.putIfAbsent(type.qualifiedName(), type));
    custom.get().forEach(type -> distinct.putIfAbsent(type.qualifiedName(), type));
    return new ArrayList<>(distinct.values());
  }

  /** Those that can own or be owned. */
  public List<ResourceType<?>> owning() {
    return all().stream().filter(type -> !EVENTS.contains(type.qualifiedName())).toList();
  }

  /** Those whose objects live in namespaces. */
  public List<ResourceType<?>> namespaced() {
    return all().stream().filter(ResourceType::namespaced).toList();
  }

  /** The kind that an owner reference names, in whatever version is watched. */
  public Optional<ResourceType<?>> find(String apiVersion, String kind) {
    Optional<ResourceType<?>> builtIn = Types.find(apiVersion, kind);
    if (builtIn.isPresent()) {
      return builtIn;
    }
    String group = GroupVersion.of(apiVersion).group();
    return all().stream()
        .filter(type -> type.group().equals(group) && type.kind().equals(kind))
        .findFirst();
  }
}
