package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.admission.Admission.Operation;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code scale} subresource: the replicas of any kind that has them, in one shape. */
final class Scales {
  private final Storage storage;
  private final Update update;
  private final Applies applies;

  Scales(Storage storage, Update update, Applies applies) {
    this.storage = storage;
    this.update = update;
    this.applies = applies;
  }

  Answer.Single handle(Draft draft) throws InterruptedException {
    Row row = draft.row();
    if (draft.request().verb() == Verb.GET) {
      Stored stored = storage.get(row, draft.namespace(), draft.name());
      return draft.answer(200, Wire.plain(scale(row, stored.object()).map()));
    }
    Answer.Single changed = isApply(draft) ? apply(draft) : update.change(draft, change(draft));
    return draft.answer(200, Wire.plain(scale(row, Obj.root(Wire.parse(changed.json()))).map()));
  }

  private static Update.Change change(Draft draft) {
    return new Update.Change() {
      @Override
      public Obj apply(Obj now) {
        return scaled(draft, now);
      }

      @Override
      public Optional<Lens> lens() {
        return Optional.of(Scales.lens(draft.row()));
      }
    };
  }

  /** Admission sees two Scales. */
  private static Lens lens(Row row) {
    return new Lens() {
      @Override
      public Operation operation() {
        return Operation.UPDATE;
      }

      @Override
      public Optional<Obj> before(Obj old) {
        return Optional.of(scale(row, old));
      }

      @Override
      public Obj after(Obj next) {
        return scale(row, next);
      }

      @Override
      public Obj restore(Obj shown, Obj next) {
        long wanted = shown.child("spec").number("replicas", 0);
        String path = paths(row).spec();
        if (wanted != parent(next, path).number(last(path), 0)) {
          parent(next, path).put(last(path), wanted);
        }
        return next;
      }
    };
  }

  private static boolean isApply(Draft draft) {
    return draft.request().verb() == Verb.PATCH
        && draft.request().body().mediaType().equals(Patches.APPLY);
  }

  /** Who applies a Scale owns the replicas of the object behind it, and nothing else. */
  private Answer.Single apply(Draft draft) throws InterruptedException {
    Row row = draft.row();
    Obj sent = Obj.root(Bodies.tree(draft.request().body()));
    checkKind(sent);
    Obj stated =
        Obj.root(
            Obj.tree("apiVersion", row.resource().apiVersion(), "kind", row.resource().kind()));
    Object replicas = sent.child("spec").get("replicas");
    if (replicas != null) {
      String path = paths(row).spec();
      parent(stated, path).put(last(path), count(draft, sent));
    }
    return applies.change(draft, stated, Optional.of(lens(row)));
  }

  private static Obj scaled(Draft draft, Obj now) {
    Row row = draft.row();
    Obj present = scale(row, now);
    Obj wanted;
    if (draft.request().verb() == Verb.PATCH) {
      Object patched =
          Patches.apply(
              Trees.copy(present.map()),
              Bodies.value(draft.request().body()),
              draft.request().body().mediaType(),
              row.resource());
      wanted = Obj.root(asTree(patched));
    } else {
      wanted = Obj.root(Bodies.tree(draft.request().body()));
      Metadata.requireName(draft.request(), wanted);
    }
    checkKind(wanted);
    long count = count(draft, wanted);
    Obj meta = wanted.child("metadata");
    if (!meta.text("resourceVersion").isEmpty()) {
      now.make("metadata").put("resourceVersion", meta.text("resourceVersion"));
    }
    String path = paths(row).spec();
    parent(now, path).put(last(path), count);
    return now;
  }

  private static void checkKind(Obj wanted) {
    if (!wanted.text("kind").isEmpty() && !wanted.text("kind").equals("Scale")) {
      throw Failures.badRequest(
          "the scale subresource takes a Scale, not a " + wanted.text("kind"));
    }
  }

  private static long count(Draft draft, Obj wanted) {
    Object replicas = wanted.child("spec").get("replicas");
    if (replicas != null && !(replicas instanceof Long)) {
      throw Failures.badRequest("spec.replicas of a Scale has to be a whole number");
    }
    long count = wanted.child("spec").number("replicas", 0);
    if (count < 0) {
      throw Failures.invalid(
          "autoscaling",
          "Scale",
          draft.name(),
          List.of(
              FieldError.invalid("spec.replicas", count, "must be greater than or equal to 0")));
    }
    return count;
  }

  private static Strategy.ScalePaths paths(Row row) {
    return row.strategy().scale().orElseThrow(() -> Failures.unknownPath());
  }

  private static Obj scale(Row row, Obj object) {
    Strategy.ScalePaths paths = paths(row);
    Obj source = object.child("metadata");
    Obj metadata = Obj.root(new LinkedHashMap<>());
    for (String field :
        List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      metadata.copy(field, source);
    }
    Obj status = Obj.root(Obj.tree("replicas", number(object, paths.status())));
    String selector = selector(object, paths.selector());
    if (!selector.isEmpty()) {
      status.put("selector", selector);
    }
    return Obj.root(
        Obj.tree(
            "kind",
            "Scale",
            "apiVersion",
            "autoscaling/v1",
            "metadata",
            metadata.map(),
            "spec",
            wish(number(object, paths.spec())),
            "status",
            status.map()));
  }

  private static Map<String, Object> wish(long replicas) {
    return replicas == 0 ? Obj.tree() : Obj.tree("replicas", replicas);
  }

  private static String selector(Obj object, String path) {
    if (path.isEmpty()) {
      return "";
    }
    Obj owner = owner(object, path);
    if (owner.get(last(path)) instanceof String text) {
      return text;
    }
    Obj selector = owner.child(last(path));
    boolean plain = !selector.has("matchLabels") && !selector.has("matchExpressions");
    Map<String, String> labels =
        plain ? owner.strings(last(path)) : selector.strings("matchLabels");
    List<String> terms = new ArrayList<>();
    labels.forEach((key, value) -> terms.add(key + "=" + value));
    for (Obj expression : selector.items("matchExpressions")) {
      String values = "(" + String.join(",", expression.texts("values")) + ")";
      String key = expression.text("key");
      terms.add(
          switch (expression.text("operator")) {
            case "In" -> key + " in " + values;
            case "NotIn" -> key + " notin " + values;
            case "DoesNotExist" -> "!" + key;
            default -> key;
          });
    }
    return String.join(",", terms);
  }

  private static long number(Obj object, String path) {
    return owner(object, path).number(last(path), 0);
  }

  /** The object that holds what the path names, to look at. */
  private static Obj owner(Obj object, String path) {
    String[] steps = path.split("\\.", -1);
    Obj at = object;
    for (int i = 0; i < steps.length - 1; i++) {
      at = at.child(steps[i]);
    }
    return at;
  }

  /** The object that holds what the path names, made when absent. */
  private static Obj parent(Obj object, String path) {
    String[] steps = path.split("\\.", -1);
    Obj at = object;
    for (int i = 0; i < steps.length - 1; i++) {
      at = at.make(steps[i]);
    }
    return at;
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  @SuppressWarnings("unchecked") // trees have text keys only
  private static Map<String, Object> asTree(@org.jspecify.annotations.Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw Failures.badRequest("the patch does not leave a Scale");
  }
}
