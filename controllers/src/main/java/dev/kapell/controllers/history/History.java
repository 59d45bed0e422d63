package dev.kapell.controllers.history;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Json;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.Types;
import dev.kapell.api.UnknownFields;
import dev.kapell.api.apps.v1.ControllerRevision;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.control.loop.Change;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.workload.TemplateHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A workload's revisions, oldest first. A revision holds the patch that would bring its template
 * back, which is what {@code kubectl rollout undo} applies. Immutable.
 */
public record History(ApiObject owner, List<ControllerRevision> revisions) {
  /** The label of revisions and pods that says which template they are of. */
  public static final String HASH = "controller-revision-hash";

  /** Sorts. */
  public History {
    revisions =
        revisions.stream()
            .sorted(
                Comparator.comparingLong((ControllerRevision r) -> r.revisionOr(0L))
                    .thenComparing(r -> r.metadata().nameOr("")))
            .toList();
  }

  /** The short name of a template. */
  public static String hash(PodTemplateSpec template, int collisions) {
    return TemplateHash.of(template, collisions);
  }

  /** The name of the revision of a template. */
  public String name(String hash) {
    return owner.metadata().nameOr("") + "-" + hash;
  }

  /** The revision with this name. */
  public Optional<ControllerRevision> find(String name) {
    return revisions.stream().filter(r -> r.metadata().nameOr("").equals(name)).findFirst();
  }

  /** What has to be written so that the newest revision is the one of {@code template}. */
  public List<Change> record(PodTemplateSpec template, String hash, Map<String, String> labels) {
    Optional<ControllerRevision> known = find(name(hash));
    long newest = revisions.isEmpty() ? 0 : revisions.getLast().revisionOr(0L);
    if (known.isEmpty()) {
      ControllerRevision revision = fresh(template, hash, labels, newest + 1);
      return List.of(Change.create(Types.CONTROLLER_REVISION, revision, "the template is new"));
    }
    if (known.get().revisionOr(0L) == newest) {
      return List.of();
    }
    ControllerRevision again = known.get().withRevision(newest + 1);
    return List.of(
        Change.update(
            Types.CONTROLLER_REVISION, known.get(), again, "the template is current again"));
  }

  private ControllerRevision fresh(
      PodTemplateSpec template, String hash, Map<String, String> labels, long number) {
    Map<String, String> all = new LinkedHashMap<>(labels);
    all.put(HASH, hash);
    Map<String, @Nullable Object> patch = fields(JsonCodec.toTree(PodTemplateSpec.CODEC, template));
    patch.put("metadata", withoutTime(patch.get("metadata")));
    patch.put("$patch", "replace");
    Object data = Map.of("spec", Map.of("template", patch));
    return ControllerRevision.builder()
        .metadata(
            ObjectMeta.builder()
                .name(name(hash))
                .namespace(owner.metadata().namespace())
                .labels(all)
                .annotations(owner.metadata().annotations())
                .ownerReferences(List.of(Owners.reference(owner)))
                .build())
        .data(Json.of(data))
        .revision(number)
        .build();
  }

  /**
   * As Go clients up to Kubernetes 1.33 write it: they find the revision that a workload is at by
   * comparing bytes, and theirs name the time that a template never has.
   */
  private static Map<String, @Nullable Object> withoutTime(@Nullable Object metadata) {
    Map<String, @Nullable Object> named = fields(metadata);
    named.put("creationTimestamp", null);
    return named;
  }

  /** A copy in the order of the names. */
  private static Map<String, @Nullable Object> fields(@Nullable Object tree) {
    Map<String, @Nullable Object> fields = new TreeMap<>();
    if (tree instanceof Map<?, ?> map) {
      map.forEach((key, value) -> fields.put((String) key, value));
    }
    return fields;
  }

  /** The template that a revision holds; empty when it holds none. */
  public static Optional<PodTemplateSpec> template(ControllerRevision revision) {
    Json data = revision.data();
    if (data == null
        || !(data.tree() instanceof Map<?, ?> root)
        || !(root.get("spec") instanceof Map<?, ?> spec)
        || !(spec.get("template") instanceof Map<?, ?> template)) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> fields = fields(template);
    fields.remove("$patch");
    return Optional.of(
        JsonCodec.fromTree(PodTemplateSpec.CODEC, fields, UnknownFields.IGNORE).value());
  }

  /** Deletes the oldest beyond {@code limit}, but none that is {@code live}. */
  public List<Change> prune(int limit, Set<String> live) {
    List<ControllerRevision> idle = new ArrayList<>();
    for (ControllerRevision revision : revisions) {
      if (!live.contains(revision.metadata().nameOr(""))
          && revision.metadata().deletionTimestamp() == null) {
        idle.add(revision);
      }
    }
    List<Change> changes = new ArrayList<>();
    for (ControllerRevision revision : idle.subList(0, Math.max(0, idle.size() - limit))) {
      changes.add(Change.delete(Types.CONTROLLER_REVISION, revision, "over the revision limit"));
    }
    return changes;
  }
}
