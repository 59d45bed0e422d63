package dev.kapell.apiserver.registry;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.UnknownFields;
import dev.kapell.api.patch.JsonPatch;
import dev.kapell.api.patch.MergePatch;
import dev.kapell.api.patch.PatchException;
import dev.kapell.api.patch.StrategicMergePatch;
import dev.kapell.api.schema.Schema;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.request.FieldValidation;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes objects by patches. */
final class Patches {
  private static final String JSON = "application/json-patch+json";
  private static final String MERGE = "application/merge-patch+json";
  private static final String STRATEGIC = "application/strategic-merge-patch+json";
  static final String APPLY = "application/apply-patch+yaml";

  private final Update update;
  private final Applies applies;

  Patches(Update update, Applies applies) {
    this.update = update;
    this.applies = applies;
  }

  Answer.Single patch(Draft draft) throws InterruptedException {
    if (draft.request().body().mediaType().equals(APPLY)) {
      return applies.apply(draft);
    }
    Object patch = Bodies.value(draft.request().body());
    List<String> repeated = repeated(draft);
    Row row = draft.row();
    return update.change(draft, now -> patched(draft, row, now, patch, repeated));
  }

  /** Which fields the patch has twice, when somebody wants to know. */
  private static List<String> repeated(Draft draft) {
    RequestBody body = draft.request().body();
    if (draft.request().options().fieldValidation() == FieldValidation.IGNORE || body.canonical()) {
      return List.of();
    }
    String where = body.mediaType().equals(JSON) ? "json patch " : "";
    return JsonCodec.readTree(body.bytes(), UnknownFields.WARN).complaints().stream()
        .map(complaint -> where + complaint)
        .toList();
  }

  private static Obj patched(
      Draft draft, Row row, Obj now, @Nullable Object patch, List<String> repeated) {
    Object result = apply(now.map(), patch, draft.request().body().mediaType(), row.resource());
    Obj object = Obj.root(asTree(result));
    Bodies.checkIdentity(object, row.resource().apiVersion(), row.resource().kind());
    // What the server stores is known to fit: only the patch can bring in unknown fields.
    FieldValidation unknown = draft.request().options().fieldValidation();
    draft.warnings().clear();
    draft.warnings().addAll(repeated);
    Obj canonical = Obj.root(canonical(draft, row, object.map()));
    if (unknown == FieldValidation.STRICT && !draft.warnings().isEmpty()) {
      throw unfit("strict decoding error: " + String.join(", ", draft.warnings()));
    }
    Bodies.keepReset(object, canonical);
    return canonical
        .put("apiVersion", row.resource().apiVersion())
        .put("kind", row.resource().kind());
  }

  /** What a patch leaves that cannot be read is the patch's fault, not the body's. */
  private static Map<String, Object> canonical(Draft draft, Row row, Map<String, Object> object) {
    FieldValidation asked = draft.request().options().fieldValidation();
    FieldValidation unknown =
        asked == FieldValidation.STRICT ? FieldValidation.WARN : asked; // told with what is twice
    try {
      return row.form().canonical(object, unknown, draft.warnings());
    } catch (ApiFailure e) {
      String message = String.valueOf(e.getMessage());
      if (e.code() != 400) {
        throw e;
      }
      throw unfit(message);
    }
  }

  private static ApiFailure unfit(String message) {
    return Failures.invalid("", "", "", List.of(FieldError.invalid("patch", "", message)));
  }

  /** Any tree, for instance a Scale, changed by a patch of any form. */
  static @Nullable Object apply(
      Map<String, Object> target, @Nullable Object patch, String mediaType, Resource resource) {
    try {
      return switch (mediaType) {
        case JSON -> JsonPatch.apply(target, patch);
        case MERGE -> MergePatch.apply(target, patch);
        case STRATEGIC -> strategic(target, patch, resource);
        default -> throw Failures.unsupportedMediaType(List.of(JSON, MERGE, STRATEGIC, APPLY));
      };
    } catch (PatchException e) {
      throw e.isMalformed()
          ? Failures.badRequest(String.valueOf(e.getMessage()))
          : Failures.unprocessable(String.valueOf(e.getMessage()));
    }
  }

  private static Object strategic(
      Map<String, Object> target, @Nullable Object patch, Resource resource) {
    String type =
        Schema.kind(
                target.get("apiVersion") instanceof String v ? v : "",
                target.get("kind") instanceof String kind ? kind : "")
            .orElseThrow(() -> Failures.unsupportedMediaType(List.of(JSON, MERGE, APPLY)))
            .name();
    if (resource.type().isEmpty()) {
      throw Failures.unsupportedMediaType(List.of(JSON, MERGE, APPLY));
    }
    return StrategicMergePatch.apply(nullable(target), nullable(asTree(patch)), type);
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // the same map: JSON null stands in patches
  private static Map<String, @Nullable Object> nullable(Map<String, Object> tree) {
    return (Map<String, @Nullable Object>) (Map<?, ?>) tree;
  }

  @SuppressWarnings("unchecked") // trees have text keys only
  private static Map<String, Object> asTree(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw Failures.badRequest("a patch of this form has to be one JSON object");
  }
}
