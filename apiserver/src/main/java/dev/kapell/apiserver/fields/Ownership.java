package dev.kapell.apiserver.fields;

import dev.kapell.apiserver.tree.Obj;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code managedFields} true while an object is written.
 *
 * <p>Who changes a field owns it. Who applies owns all that is stated, alone or together with
 * others that state the same; what is no longer stated by anybody goes; changing what another owns
 * is a conflict, unless forced. Of one write.
 */
public final class Ownership {
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final Manager BEFORE_FIRST_APPLY = Manager.updater("before-first-apply", "", "");

  private final String apiVersion;
  private final Part part;
  private final Versions versions;
  private final Shape shape;
  private final KnownFields known;
  private final Instant now;

  /**
   * Of a write.
   *
   * @param apiVersion in which the trees are
   * @param part what the path writes
   * @param versions of the kind
   * @param known what earlier writes worked out
   * @param now when it happens, in whole seconds
   */
  public Ownership(
      String apiVersion, Part part, Versions versions, KnownFields known, Instant now) {
    this.apiVersion = apiVersion;
    this.part = part;
    this.versions = versions;
    this.shape = versions.shape(apiVersion).orElse(Shape.Free.FREE);
    this.known = known;
    this.now = now;
  }

  /** The entries of a new object. */
  public List<Object> created(Obj object, Manager manager) {
    Managers managers = new Managers();
    take(managers, manager, known.compare(versions.empty(), bare(object), shape, part).owned());
    return managers.entries();
  }

  /**
   * The entries after an update or a patch.
   *
   * @param before the stored object
   * @param after the object as it shall be, which may bring entries of its own
   */
  public List<Object> updated(Obj before, Obj after, Manager manager) {
    Object stored = before.child("metadata").get("managedFields");
    Object sent = after.child("metadata").get("managedFields");
    Managers managers;
    if (!manager.subresource().isEmpty() || (sent == null || sent.equals(stored))) {
      managers = parse(stored).orElseGet(Managers::new);
    } else if (isReset(sent)) {
      return List.of();
    } else {
      managers =
          parse(sent)
              .filter(given -> !given.isEmpty())
              .or(() -> parse(stored))
              .orElseGet(Managers::new);
    }
    if (managers.isEmpty()) {
      return List.of(); // it was never owned, or somebody asked to forget: from the next apply on
    }
    updated(bare(before), bare(after), managers, manager);
    return managers.entries();
  }

  /** An empty list, or one empty entry: forget all owners. */
  private static boolean isReset(Object sent) {
    List<?> entries = Values.list(sent);
    return entries.isEmpty() || (entries.size() == 1 && Values.map(entries.getFirst()).isEmpty());
  }

  private void updated(
      Map<String, Object> before, Map<String, Object> after, Managers managers, Manager manager) {
    Comparison difference = known.compare(before, after, shape, part);
    new Transfer(before, after, difference).take(managers, managers.all());
    managers.dropEmpty();
    take(managers, manager, difference.owned());
    managers.cap();
  }

  private void take(Managers managers, Manager manager, FieldSet mine) {
    if (!mine.isEmpty()) {
      managers.put(manager, apiVersion, managers.fields(manager).union(mine));
      managers.touch(manager, now);
    }
  }

  /**
   * What an apply leads to.
   *
   * @param object the object as it shall be, with its new entries
   * @param conflicts what stands against it; then {@code object} is only what it would be
   */
  public record Applied(Obj object, List<Conflict> conflicts) {}

  /**
   * Applies {@code stated} to {@code before}, which has no content where the object is new.
   *
   * @param force takes fields over from others
   */
  public Applied apply(Obj before, Obj stated, Manager manager, boolean force) {
    Applied applied = attempt(before, stated, manager, force);
    if (applied.conflicts().isEmpty() || !manager.name().equals("kubectl")) {
      return applied;
    }
    FieldSet former = lastApplied(before);
    List<Conflict> left =
        applied.conflicts().stream().filter(each -> !former.has(each.path())).toList();
    return left.isEmpty()
        ? attempt(before, stated, manager, true)
        : new Applied(applied.object(), left);
  }

  private Applied attempt(Obj before, Obj stated, Manager manager, boolean force) {
    Map<String, Object> present = bare(before);
    Managers managers =
        parse(before.child("metadata").get("managedFields")).orElseGet(Managers::new);
    if (managers.isEmpty()) {
      updated(
          versions.empty(),
          present,
          managers,
          Manager.updater(BEFORE_FIRST_APPLY.name(), apiVersion, manager.subresource()));
    }
    FieldSet last = managers.fields(manager);
    String lastVersion = managers.apiVersion(manager);
    managers.put(manager, apiVersion, part.of(Statement.fields(stated.map(), shape)));
    Map<String, Object> merged = Merging.merge(present, stated.map(), shape);
    Map<String, Object> after =
        last.isEmpty() ? merged : pruned(merged, managers, last, lastVersion);
    Comparison difference = known.compare(present, after, shape, part);
    Transfer transfer = new Transfer(present, after, difference);
    List<Manager> others = managers.all().stream().filter(each -> !each.equals(manager)).toList();
    List<Conflict> conflicts = force ? List.of() : transfer.conflicts(managers, others);
    transfer.take(managers, others);
    managers.change(manager, mine -> mine.without(Comparison.NOBODYS));
    managers.dropEmpty();
    boolean same = Values.equal(present, after);
    if (!same || managers.apiVersion(manager).isEmpty()) {
      managers.touch(manager, now);
    }
    Obj result = Obj.root(same ? present : after);
    if (!managers.isEmpty()) {
      result.make("metadata").put("managedFields", managers.entries());
    }
    syncLastApplied(result, stated, manager);
    return new Applied(result, conflicts);
  }

  /** Takes away what the manager owned and states no more, unless somebody else owns it. */
  private Map<String, Object> pruned(
      Map<String, Object> merged, Managers managers, FieldSet last, String lastVersion) {
    Optional<Shape> known = versions.shape(lastVersion);
    if (known.isEmpty()) {
      return merged;
    }
    Map<String, Object> all = versions.convert(merged, lastVersion);
    FieldSet mine = last.withNamedParents(known.get());
    Map<String, Object> left = Merging.remove(all, mine, known.get());
    for (Map.Entry<String, FieldSet> owned : managers.byVersion().entrySet()) {
      Optional<Shape> form = versions.shape(owned.getKey());
      if (form.isPresent()) {
        all = versions.convert(all, owned.getKey());
        left = versions.convert(left, owned.getKey());
        left = withOwned(all, left, owned.getValue(), form.get());
      }
    }
    left = versions.convert(left, lastVersion);
    all = versions.convert(all, lastVersion);
    FieldSet gone =
        Statement.fields(all, known.get())
            .withNamedParents(known.get())
            .without(Statement.fields(left, known.get()).withNamedParents(known.get()))
            .intersection(mine);
    return versions.convert(Merging.remove(all, gone, known.get()), apiVersion);
  }

  private static Map<String, Object> withOwned(
      Map<String, Object> all, Map<String, Object> left, FieldSet owned, Shape shape) {
    FieldSet gone =
        Statement.fields(all, shape)
            .withNamedParents(shape)
            .without(
                Statement.fields(left, shape)
                    .withNamedParents(shape)
                    .union(owned.withNamedParents(shape)));
    return Merging.remove(all, gone, shape);
  }

  /**
   * Fields that {@code kubectl apply} without the server set, and that are still as it set them.
   */
  private FieldSet lastApplied(Obj before) {
    String text = before.child("metadata").strings("annotations").getOrDefault(LAST_APPLIED, "");
    Optional<Map<String, Object>> former = LastApplied.parse(text, apiVersion);
    if (former.isEmpty()) {
      return new FieldSet();
    }
    Comparison since = Comparison.of(former.get(), bare(before), shape);
    return Statement.fields(former.get(), shape)
        .without(since.modified())
        .without(since.added())
        .without(since.removed());
  }

  private static void syncLastApplied(Obj result, Obj stated, Manager manager) {
    Obj annotations = result.child("metadata").child("annotations");
    if (manager.name().equals("kubectl") && !annotations.text(LAST_APPLIED).isEmpty()) {
      annotations.put(LAST_APPLIED, LastApplied.text(stated.map(), LAST_APPLIED));
    }
  }

  /** What does not fit the shape: unknown fields, wrong types, elements without or of one key. */
  public List<String> errors(Obj stated) {
    return Statement.errors(stated.map(), shape);
  }

  /** Entries as the versions have them that they name; empty when one is malformed. */
  private Optional<Managers> parse(@Nullable Object entries) {
    return Managers.parse(
        entries, (fields, version) -> known.read(fields, versions.shape(version)));
  }

  private static Map<String, Object> bare(Obj object) {
    Map<String, Object> bare = new java.util.LinkedHashMap<>(object.map());
    object
        .find("metadata")
        .ifPresent(
            metadata -> {
              Map<String, Object> rest = new java.util.LinkedHashMap<>(metadata.map());
              rest.remove("managedFields");
              bare.put("metadata", rest);
            });
    return bare;
  }

  /** A change of the object, as managers of any version see it. */
  private final class Transfer {
    private final Map<String, Object> before;
    private final Map<String, Object> after;
    private final Map<String, Optional<Comparison>> seen = new HashMap<>();

    Transfer(Map<String, Object> before, Map<String, Object> after, Comparison difference) {
      this.before = before;
      this.after = after;
      seen.put(apiVersion, Optional.of(difference));
    }

    private Optional<Comparison> in(String version) {
      return seen.computeIfAbsent(
          version,
          other ->
              versions
                  .shape(other)
                  .map(
                      form ->
                          known.compare(
                              versions.convert(before, other),
                              versions.convert(after, other),
                              form,
                              part)));
    }

    List<Conflict> conflicts(Managers managers, List<Manager> others) {
      List<Conflict> conflicts = new ArrayList<>();
      for (Manager other : others) {
        in(managers.apiVersion(other))
            .ifPresent(
                difference ->
                    managers
                        .fields(other)
                        .intersection(difference.changed())
                        .forEach(path -> conflicts.add(new Conflict(other, path))));
      }
      return conflicts;
    }

    /** Takes what changed from its owners; those of versions that are gone go. */
    void take(Managers managers, List<Manager> others) {
      for (Manager other : others) {
        Optional<Comparison> difference = in(managers.apiVersion(other));
        if (difference.isEmpty()) {
          managers.drop(other);
        } else if (!difference.get().isSame()) {
          managers.change(
              other,
              fields ->
                  fields.without(difference.get().changed()).without(difference.get().removed()));
        }
      }
    }
  }
}
