package dev.kapell.apiserver.registry;

import dev.kapell.api.Times;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The part of metadata that the server owns. */
final class Metadata {
  private static final int SUFFIX_LENGTH = 5;
  private static final int MAX_BASE_LENGTH = 58;
  private static final List<String> SERVER_OWNED =
      List.of(
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "selfLink",
          "generation");

  private final Clock clock;
  private final Randomness randomness;

  Metadata(Clock clock, Randomness randomness) {
    this.clock = clock;
    this.randomness = randomness;
  }

  Instant now() {
    return clock.now().truncatedTo(ChronoUnit.SECONDS);
  }

  /** An object that takes the place of another says which one it is. */
  static void requireName(ApiRequest request, Obj object) {
    String name = request.target().name();
    if (object.child("metadata").text("name").isEmpty()) {
      throw Failures.badRequest(
          "the name of the object ("
              + name
              + " based on URL) was undeterminable: name must be provided");
    }
    requireSameName(name, object);
  }

  /** A name in the body is that in the path. */
  static void requireSameName(String name, Obj object) {
    String sent = object.child("metadata").text("name");
    if (!sent.isEmpty() && !sent.equals(name)) {
      throw Failures.badRequest(
          "the name of the object ("
              + sent
              + ") does not match the name on the URL ("
              + name
              + ")");
    }
  }

  /** Fits the body to the path: namespace and name come from either, and have to agree. */
  static void locate(Row row, ApiRequest request, Obj object) {
    Obj metadata = object.make("metadata");
    String namespace = request.target().namespace();
    if (row.resource().namespaced()) {
      String sent = metadata.text("namespace");
      if (!sent.isEmpty() && !sent.equals(namespace)) {
        throw Failures.badRequest(
            "the namespace of the provided object does not match the namespace sent on the"
                + " request");
      }
      metadata.put("namespace", namespace);
    } else {
      metadata.drop("namespace");
    }
    String name = request.target().name();
    if (!name.isEmpty()) {
      requireSameName(name, object);
      metadata.put("name", name);
    }
  }

  /** Of a new object. */
  void begin(Row row, Obj object) {
    Obj metadata = object.make("metadata");
    SERVER_OWNED.forEach(metadata::drop);
    metadata.drop("resourceVersion");
    metadata.put("uid", randomness.uuid().toString());
    metadata.put("creationTimestamp", Times.seconds(now()));
    if (row.strategy().is(Strategy.Trait.GENERATION)) {
      metadata.put("generation", 1L);
    }
  }

  /** Gives a name where only a prefix was sent; a new one each time. */
  boolean generateName(Obj object) {
    Obj metadata = object.make("metadata");
    String prefix = metadata.text("generateName");
    if (prefix.isEmpty()) {
      return false;
    }
    String base = prefix.length() > MAX_BASE_LENGTH ? prefix.substring(0, MAX_BASE_LENGTH) : prefix;
    metadata.put("name", base + randomness.nameSuffix(SUFFIX_LENGTH));
    return true;
  }

  /** Of a changed object: what the server owns stays as it was. */
  void carryOver(Row row, Obj object, Obj old) {
    Obj metadata = object.make("metadata");
    Obj before = old.child("metadata");
    SERVER_OWNED.forEach(field -> metadata.copy(field, before));
    if (row.strategy().is(Strategy.Trait.GENERATION)
        && !row.strategy().is(Strategy.Trait.FIRST_GENERATION)
        && specChanged(object, old)) {
      metadata.put("generation", before.number("generation", 1) + 1);
    }
  }

  private static boolean specChanged(Obj object, Obj old) {
    for (String field : object.map().keySet()) {
      if (!isOutsideSpec(field) && !Trees.same(object.get(field), old.get(field))) {
        return true;
      }
    }
    return old.map().keySet().stream()
        .anyMatch(field -> !isOutsideSpec(field) && !object.has(field));
  }

  private static boolean isOutsideSpec(String field) {
    return switch (field) {
      case "metadata", "status", "apiVersion", "kind" -> true;
      default -> false;
    };
  }

  /** The two preconditions that an update can carry in its own metadata. */
  static void checkPreconditions(Row row, Obj object, Stored old) {
    Obj metadata = object.child("metadata");
    String name = old.metadata().text("name");
    String revision = metadata.text("resourceVersion");
    if (!revision.isEmpty()
        && !revision.equals("0")
        && !revision.equals(Long.toString(old.entry().revision()))) {
      throw Failures.modified(row.resource(), name);
    }
    checkUid(row, name, metadata.text("uid"), old.uid());
  }

  /** An object of another uid has taken the name; empty when anyone will do. */
  static void checkUid(Row row, String name, String wanted, String present) {
    if (!wanted.isEmpty() && !wanted.equals(present)) {
      throw Failures.conflict(
          row.resource(),
          name,
          "Precondition failed: UID in precondition: "
              + wanted
              + ", UID in object meta: "
              + present);
    }
  }

  /** The failure for an object without any name. */
  static List<FieldError> nameMissing() {
    return List.of(FieldError.required("metadata.name", "name or generateName is required"));
  }
}
