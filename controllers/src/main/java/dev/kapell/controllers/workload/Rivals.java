package dev.kapell.controllers.workload;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.DaemonSet;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.core.v1.ReplicationController;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.LabelSelectorRequirement;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.cache.Index;
import dev.kapell.control.match.Selectors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The workloads whose pods another workload's selector matches too. Neither takes the other's pods,
 * since each pod has one manager; but budgets and Services that go by labels mix them up, and a pod
 * without a manager goes to whoever comes first. Found through the labels of templates, so a look
 * costs the same in a namespace of any size. Thread-safe.
 */
public final class Rivals {
  private static final List<ResourceType<? extends ApiObject>> KINDS =
      List.of(
          Types.DEPLOYMENT,
          Types.STATEFUL_SET,
          Types.DAEMON_SET,
          Types.REPLICA_SET,
          Types.REPLICATION_CONTROLLER);

  private static final Index.Keys<ApiObject, String> BY_TEMPLATE_LABEL = Rivals::templateLabels;

  private final List<Index<? extends ApiObject, String>> indexes;

  /** Feeds on {@code caches}. */
  public Rivals(Caches caches) {
    List<Index<? extends ApiObject, String>> made = new ArrayList<>();
    KINDS.forEach(type -> made.add(caches.of(type).index(BY_TEMPLATE_LABEL)));
    this.indexes = List.copyOf(made);
  }

  /** What there is to say about {@code owner}, whose selector is {@code selector}. */
  public Optional<Notice> of(ApiObject owner, @Nullable LabelSelector selector) {
    if (selector == null) {
      return Optional.empty();
    }
    for (String key : keys(owner.metadata().namespaceOr(""), selector)) {
      for (Index<? extends ApiObject, String> index : indexes) {
        for (ApiObject other : index.get(key)) {
          if (isRival(owner, selector, other)) {
            return Optional.of(notice(other));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isRival(ApiObject owner, LabelSelector selector, ApiObject other) {
    PodTemplateSpec template = template(other);
    return template != null
        && !other.metadata().uidOr("").equals(owner.metadata().uidOr("?"))
        && !Pods.isTerminating(other)
        && Selectors.matches(selector, template.metadata().labels());
  }

  private static Notice notice(ApiObject other) {
    return new Notice(
        Notice.SELECTOR_OVERLAP,
        "SelectorOverlap",
        "the selector also matches the pods of "
            + other.kind()
            + " \""
            + other.metadata().nameOr("")
            + "\": give each workload a label of its own");
  }

  /** Labels of which a template that is matched has at least one; the rarest that will do. */
  private List<String> keys(String namespace, LabelSelector selector) {
    Optional<String> rarest =
        selector.matchLabels().entrySet().stream()
            .map(label -> key(namespace, label.getKey(), label.getValue()))
            .min(Comparator.comparingInt(this::count));
    if (rarest.isPresent()) {
      return List.of(rarest.get());
    }
    for (LabelSelectorRequirement wanted : selector.matchExpressions()) {
      if (wanted.operatorOr("").equals("In")) {
        return wanted.values().stream().map(v -> key(namespace, wanted.keyOr(""), v)).toList();
      }
    }
    return List.of();
  }

  private int count(String key) {
    return indexes.stream().mapToInt(index -> index.count(key)).sum();
  }

  private static List<String> templateLabels(ApiObject object) {
    PodTemplateSpec template = template(object);
    List<String> keys = new ArrayList<>();
    if (template != null) {
      String namespace = object.metadata().namespaceOr("");
      template.metadata().labels().forEach((name, value) -> keys.add(key(namespace, name, value)));
    }
    return keys;
  }

  private static String key(String namespace, String label, String value) {
    return namespace + "/" + label + "=" + value;
  }

  /** What a Deployment manages speaks through the Deployment. */
  private static @Nullable PodTemplateSpec template(ApiObject object) {
    if (Owners.controllerOf(object).isPresent()) {
      return null;
    }
    return switch (object) {
      case Deployment deployment -> deployment.spec().template();
      case StatefulSet set -> set.spec().template();
      case DaemonSet set -> set.spec().template();
      case ReplicaSet set -> set.spec().template();
      case ReplicationController set -> set.spec().template();
      default -> null;
    };
  }
}
