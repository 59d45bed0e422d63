package dev.kapell.apiserver.audit;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.api.yaml.Yaml;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Events as one line of JSON each, in the form of {@code audit.k8s.io/v1}. Pure. */
final class EventJson {
  /** A larger object is left out, and an annotation says so. */
  static final int OBJECT_LIMIT_BYTES = 1 << 20;

  private static final String TRUNCATED = "audit.k8s.io/truncated";
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private EventJson() {}

  /** The line, without its end. */
  static byte[] line(AuditEvent event) {
    Asked asked = event.asked();
    Map<String, Object> json = new LinkedHashMap<>();
    Map<String, Object> annotations = new TreeMap<>(event.annotations());
    json.put("kind", "Event");
    json.put("apiVersion", "audit.k8s.io/v1");
    json.put("level", event.decision().level().word());
    json.put("auditID", asked.auditId());
    json.put("stage", event.stage().word());
    json.put("requestURI", asked.uri());
    json.put("verb", asked.verb());
    json.put("user", user(asked.user()));
    event.impersonated().ifPresent(user -> json.put("impersonatedUser", user(user)));
    json.put("sourceIPs", asked.sourceIps());
    if (!asked.userAgent().isEmpty()) {
      json.put("userAgent", asked.userAgent());
    }
    asked.target().ifPresent(target -> json.put("objectRef", reference(target, event.created())));
    if (event.code() != 0) {
      json.put("responseStatus", status(event));
    }
    boolean omit = event.decision().omitManagedFields();
    put(json, "requestObject", tree(event.request()), omit);
    put(json, "responseObject", tree(event.response()), omit);
    if (event.request().bytes().length > OBJECT_LIMIT_BYTES
        || event.response().length > OBJECT_LIMIT_BYTES) {
      annotations.put(TRUNCATED, "true");
    }
    json.put("requestReceivedTimestamp", time(asked.received()));
    json.put("stageTimestamp", time(event.at()));
    if (!annotations.isEmpty()) {
      json.put("annotations", annotations);
    }
    return JsonCodec.writeTree(json);
  }

  private static String time(Instant instant) {
    return MICROS.format(instant);
  }

  private static Map<String, Object> user(User user) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("username", user.name());
    if (!user.uid().isEmpty()) {
      json.put("uid", user.uid());
    }
    if (!user.groups().isEmpty()) {
      json.put("groups", user.groups());
    }
    if (!user.extra().isEmpty()) {
      json.put("extra", new TreeMap<>(user.extra()));
    }
    return json;
  }

  private static Map<String, Object> reference(Target target, byte[] created) {
    Map<String, Object> json = new LinkedHashMap<>();
    put(json, "resource", target.resource());
    put(json, "namespace", target.namespace());
    String name = target.name();
    if (created.length > 0
        && tree(created) instanceof Map<?, ?> object
        && object.get("metadata") instanceof Map<?, ?> metadata) {
      name = text(metadata, "name");
      put(json, "name", name);
      put(json, "uid", text(metadata, "uid"));
      put(json, "resourceVersion", text(metadata, "resourceVersion"));
    } else {
      put(json, "name", name);
    }
    put(json, "apiGroup", target.group());
    put(json, "apiVersion", target.version());
    put(json, "subresource", target.subresource());
    return json;
  }

  private static String text(Map<?, ?> map, String field) {
    return map.get(field) instanceof String text ? text : "";
  }

  private static void put(Map<String, Object> json, String field, String value) {
    if (!value.isEmpty()) {
      json.put(field, value);
    }
  }

  private static Map<String, Object> status(AuditEvent event) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("metadata", Map.of());
    event
        .failure()
        .ifPresent(
            failure -> {
              Status told = quotes(event) ? Redaction.withoutWords(failure) : failure;
              if (JsonCodec.toTree(Status.CODEC, told) instanceof Map<?, ?> fields) {
                fields.forEach((name, value) -> json.put(String.valueOf(name), value));
              }
            });
    json.put("code", event.code());
    return json;
  }

  /** Whether a refusal may quote a Secret: what comes before the body is read does not. */
  private static boolean quotes(AuditEvent event) {
    boolean unread = "forbid".equals(event.annotations().get("authorization.k8s.io/decision"));
    return event.asked().carriesSecrets() && !unread;
  }

  private static @Nullable Object tree(RequestBody body) {
    if (body.bytes().length == 0 || body.bytes().length > OBJECT_LIMIT_BYTES) {
      return null;
    }
    if (!body.mediaType().contains("yaml")) {
      return tree(body.bytes());
    }
    try {
      return Yaml.document(new String(body.bytes(), StandardCharsets.UTF_8));
    } catch (DecodeException e) {
      return null; // refused for the same reason, as the answer's status says
    }
  }

  private static @Nullable Object tree(byte[] json) {
    if (json.length == 0 || json.length > OBJECT_LIMIT_BYTES) {
      return null;
    }
    try {
      return JsonCodec.readTree(json);
    } catch (DecodeException e) {
      return null; // as above
    }
  }

  private static void put(
      Map<String, Object> json, String field, @Nullable Object tree, boolean omitManagedFields) {
    if (tree == null) {
      return;
    }
    if (Redaction.holdsSecret(tree)) {
      json.put(field, Map.of("note", Redaction.LEFT_OUT));
      return;
    }
    if (omitManagedFields) {
      withoutManagedFields(tree);
    }
    json.put(field, tree);
  }

  private static void withoutManagedFields(Object tree) {
    if (tree instanceof Map<?, ?> object) {
      if (object.get("metadata") instanceof Map<?, ?> metadata) {
        metadata.remove("managedFields");
      }
      if (object.get("items") instanceof List<?> items) {
        items.forEach(EventJson::withoutManagedFields);
      }
    }
  }
}
