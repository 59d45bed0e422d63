package dev.kapell.app.manifest;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.manifest.ResourceFinder.Served;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import dev.kapell.client.http.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings manifests to the server: creates what is missing, changes what differs, leaves the rest.
 * All or nothing as far as the server can tell beforehand: every manifest first goes through a dry
 * run.
 */
public final class Applier {
  /** What became of one manifest. */
  public enum Outcome {
    /** It was not there. */
    CREATED("created"),
    /** It was there and differed. */
    CONFIGURED("configured"),
    /** It was there and is as wanted. */
    UNCHANGED("unchanged");

    private final String word;

    Outcome(String word) {
      this.word = word;
    }

    /** As kubectl says it. */
    public String word() {
      return word;
    }
  }

  /**
   * A manifest on the server.
   *
   * @param served its kind
   * @param namespace where it lives, empty for cluster-scoped kinds
   * @param name its name
   * @param outcome what was done
   * @param object as the server has it now
   */
  public record Applied(
      Served served, String namespace, String name, Outcome outcome, Map<String, Object> object) {}

  private record Target(Manifest manifest, Served served, String namespace) {
    String path() {
      return served.object(namespace, manifest.name());
    }
  }

  private final Connection connection;
  private final ResourceFinder finder;
  private final String namespace;

  /** An applier that puts objects without a namespace into {@code namespace}. */
  public Applier(Connection connection, String namespace) {
    this.connection = connection;
    this.finder = new ResourceFinder(connection);
    this.namespace = namespace;
  }

  /** Applies all of {@code manifests}, namespaces and definitions first, or none and says why. */
  public List<Applied> apply(List<Manifest> manifests, boolean dryRun) {
    List<Manifest> ordered = new ArrayList<>(manifests);
    ordered.sort(java.util.Comparator.comparingInt(manifest -> rank(manifest.kind())));
    checkFirst(ordered);
    List<Applied> applied = new ArrayList<>();
    if (dryRun) {
      return applied;
    }
    for (Manifest manifest : ordered) {
      applied.add(applyOne(target(manifest)));
    }
    return applied;
  }

  /**
   * A manifest as the server would have it.
   *
   * @param differences from what is there, one line each; empty unless it would be changed
   */
  public record Foreseen(Applied applied, List<String> differences) {
    /** Copies. */
    public Foreseen {
      differences = List.copyOf(differences);
    }
  }

  /** What {@link #apply} would do; fails where that would. Nothing is written. */
  public List<Foreseen> foresee(List<Manifest> manifests) {
    List<Manifest> ordered = new ArrayList<>(manifests);
    ordered.sort(java.util.Comparator.comparingInt(manifest -> rank(manifest.kind())));
    Companions companions = Companions.of(ordered);
    return ordered.stream().map(manifest -> foresee(manifest, companions)).toList();
  }

  private Foreseen foresee(Manifest manifest, Companions companions) {
    if (companions.mayDefine(manifest)) {
      return new Foreseen(asWritten(Companions.served(manifest), manifest), List.of());
    }
    Target target = target(manifest);
    if (companions.bringNamespace(target.namespace()) && !exists(target.namespace())) {
      return new Foreseen(asWritten(target.served(), manifest), List.of());
    }
    Connection.Answer current = connection.get(target.path(), "application/json");
    Applied applied = send(target, true);
    if (!current.isSuccess()) {
      return new Foreseen(applied, List.of());
    }
    List<String> differences =
        Differences.between(Tree.map(JsonCodec.readTree(current.body())), applied.object());
    Outcome outcome = differences.isEmpty() ? Outcome.UNCHANGED : Outcome.CONFIGURED;
    return new Foreseen(
        new Applied(
            applied.served(), applied.namespace(), applied.name(), outcome, applied.object()),
        differences);
  }

  private boolean exists(String name) {
    return connection.get("/api/v1/namespaces/" + name, "application/json").isSuccess();
  }

  /** What cannot be tried beforehand, because it stands on something else that is new. */
  private Applied asWritten(Served served, Manifest manifest) {
    String where =
        !served.namespaced()
            ? ""
            : manifest.namespace().isEmpty() ? namespace : manifest.namespace();
    Map<String, Object> object = new LinkedHashMap<>(manifest.tree());
    Map<String, Object> metadata = new LinkedHashMap<>(Tree.map(object, "metadata"));
    if (!where.isEmpty()) {
      metadata.put("namespace", where);
    }
    object.put("metadata", metadata);
    return new Applied(served, where, manifest.name(), Outcome.CREATED, object);
  }

  private static int rank(String kind) {
    return switch (kind) {
      case "Namespace" -> 0;
      case "CustomResourceDefinition", "PriorityClass", "StorageClass" -> 1;
      case "ServiceAccount", "ConfigMap", "Secret", "PersistentVolumeClaim" -> 2;
      case "Role", "ClusterRole" -> 3;
      case "RoleBinding", "ClusterRoleBinding" -> 4;
      case "Service" -> 5;
      default -> 6;
    };
  }

  /** What comes into being with the manifests themselves cannot be tried beforehand. */
  private void checkFirst(List<Manifest> manifests) {
    Companions companions = Companions.of(manifests);
    for (Manifest manifest : manifests) {
      if (companions.mayDefine(manifest)) {
        continue;
      }
      Target target = target(manifest);
      if (!companions.bringNamespace(target.namespace())) {
        send(target, true);
      }
    }
  }

  private Target target(Manifest manifest) {
    Served served = finder.find(manifest);
    String where =
        !served.namespaced()
            ? ""
            : manifest.namespace().isEmpty() ? namespace : manifest.namespace();
    return new Target(manifest, served, where);
  }

  private Applied applyOne(Target target) {
    return send(target, false);
  }

  private Applied send(Target target, boolean dryRun) {
    Map<String, Object> wanted = LastApplied.annotated(target.manifest().tree());
    Connection.Answer current = connection.get(target.path(), "application/json");
    String options = "?fieldManager=kapell&fieldValidation=Strict" + (dryRun ? "&dryRun=All" : "");
    if (current.code() == 404) {
      Connection.Answer created =
          connection.send(
              "POST",
              target.served().collection(target.namespace()) + options,
              "application/json",
              JsonCodec.writeTree(wanted));
      return accepted(target, created, Outcome.CREATED);
    }
    if (!current.isSuccess()) {
      throw refused(target, current);
    }
    Map<String, Object> live = Tree.map(JsonCodec.readTree(current.body()));
    boolean builtIn = target.served().groupVersionPath().startsWith("/api/") || isKnown(target);
    Map<String, Object> patch =
        new ThreeWay(target.manifest().apiVersion(), target.manifest().kind(), builtIn)
            .patch(LastApplied.of(live), wanted);
    Connection.Answer patched =
        connection.send(
            "PATCH",
            target.path() + options,
            builtIn ? "application/strategic-merge-patch+json" : "application/merge-patch+json",
            JsonCodec.writeTree(patch));
    Applied result = accepted(target, patched, Outcome.CONFIGURED);
    boolean same =
        Tree.text(result.object(), "metadata", "resourceVersion")
            .equals(Tree.text(live, "metadata", "resourceVersion"));
    return same
        ? new Applied(
            result.served(), result.namespace(), result.name(), Outcome.UNCHANGED, result.object())
        : result;
  }

  private static boolean isKnown(Target target) {
    return ThreeWay.knows(target.manifest().apiVersion(), target.manifest().kind());
  }

  private Applied accepted(Target target, Connection.Answer answer, Outcome outcome) {
    if (!answer.isSuccess()) {
      throw refused(target, answer);
    }
    return new Applied(
        target.served(),
        target.namespace(),
        target.manifest().name(),
        outcome,
        new LinkedHashMap<>(Tree.map(JsonCodec.readTree(answer.body()))));
  }

  private static UserError refused(Target target, Connection.Answer answer) {
    return new UserError(target.manifest().source() + ": " + Refusal.message(answer));
  }
}
