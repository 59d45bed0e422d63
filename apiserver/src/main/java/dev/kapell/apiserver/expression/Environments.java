package dev.kapell.apiserver.expression;

import dev.kapell.cel.Environment;
import dev.kapell.cel.type.ValueType;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What expressions can refer to, each environment made when it is first asked for. Compile once and
 * keep the program: compiling takes milliseconds, evaluating microseconds.
 */
public final class Environments {
  private static final ValueType TEXTS = ValueType.list(ValueType.STRING);

  private Environments() {}

  /** Webhooks: {@code object}, {@code oldObject}, {@code request}, {@code authorizer}. */
  public static Environment conditions() {
    return Conditions.ENVIRONMENT;
  }

  /** Claims of a token: {@code claims}. */
  public static Environment claims() {
    return Claims.ENVIRONMENT;
  }

  /** Rules on whom a token stands for: {@code user}. */
  public static Environment users() {
    return Users.ENVIRONMENT;
  }

  /** Questions to a webhook authorizer: {@code request}, the spec of a SubjectAccessReview. */
  public static Environment reviews() {
    return Reviews.ENVIRONMENT;
  }

  private static final class Conditions {
    static final Environment ENVIRONMENT = ofRequest().build();
  }

  private static final class Claims {
    static final Environment ENVIRONMENT =
        Environment.builder().variable("claims", ValueType.map(ValueType.DYN)).build();
  }

  private static final class Users {
    static final Environment ENVIRONMENT =
        Environment.builder().variable("user", user("kubernetes.UserInfo")).build();
  }

  private static final class Reviews {
    static final Environment ENVIRONMENT =
        Environment.builder().variable("request", review()).build();
  }

  private static ValueType review() {
    Map<String, ValueType> resource = new LinkedHashMap<>();
    for (String field :
        new String[] {"namespace", "verb", "group", "version", "resource", "subresource", "name"}) {
      resource.put(field, ValueType.STRING);
    }
    resource.put("fieldSelector", selector("kubernetes.FieldSelector"));
    resource.put("labelSelector", selector("kubernetes.LabelSelector"));
    Map<String, ValueType> fields = new LinkedHashMap<>();
    fields.put("user", ValueType.STRING);
    fields.put("uid", ValueType.STRING);
    fields.put("groups", TEXTS);
    fields.put("extra", ValueType.map(TEXTS));
    fields.put("resourceAttributes", ValueType.object("kubernetes.ResourceAttributes", resource));
    fields.put("nonResourceAttributes", texts("kubernetes.NonResourceAttributes", "path", "verb"));
    return ValueType.object("kubernetes.SubjectAccessReviewSpec", fields);
  }

  private static ValueType selector(String name) {
    ValueType requirement =
        ValueType.object(
            name + "Requirement",
            Map.of("key", ValueType.STRING, "operator", ValueType.STRING, "values", TEXTS));
    return ValueType.object(
        name, Map.of("rawSelector", ValueType.STRING, "requirements", ValueType.list(requirement)));
  }

  /** The variables of every request; the objects are not typed. */
  public static Environment.Builder ofRequest() {
    return ofRequest(ValueType.DYN);
  }

  /** The variables of every request, for objects of a known type. */
  public static Environment.Builder ofRequest(ValueType object) {
    return ofObjects(object)
        .variable("authorizer", ValueType.AUTHORIZER)
        .variable("authorizer.requestResource", ValueType.RESOURCE_CHECK);
  }

  /** The same for expressions that may not ask for rights. */
  public static Environment.Builder ofObjects(ValueType object) {
    return Environment.builder()
        .variable("object", object)
        .variable("oldObject", object)
        .variable("request", request());
  }

  /** The type of the variable {@code namespaceObject}. */
  public static ValueType namespace() {
    Map<String, ValueType> metadata = new LinkedHashMap<>();
    for (String field :
        new String[] {"name", "generateName", "namespace", "UID", "uid", "resourceVersion"}) {
      metadata.put(field, ValueType.STRING);
    }
    metadata.put("labels", ValueType.map(ValueType.STRING));
    metadata.put("annotations", ValueType.map(ValueType.STRING));
    metadata.put("creationTimestamp", ValueType.DYN);
    metadata.put("deletionTimestamp", ValueType.DYN);
    metadata.put("deletionGracePeriodSeconds", ValueType.INT);
    metadata.put("generation", ValueType.INT);
    metadata.put("finalizers", TEXTS);
    return ValueType.object(
        "kubernetes.Namespace",
        Map.of(
            "metadata", ValueType.object("kubernetes.NamespaceMetadata", metadata),
            "status",
                ValueType.object("kubernetes.NamespaceStatus", Map.of("phase", ValueType.STRING)),
            "spec", ValueType.object("kubernetes.NamespaceSpec", Map.of("finalizers", TEXTS))));
  }

  private static ValueType request() {
    ValueType kind = texts("kubernetes.GroupVersionKind", "group", "version", "kind");
    ValueType resource = texts("kubernetes.GroupVersionResource", "group", "version", "resource");
    Map<String, ValueType> fields = new LinkedHashMap<>();
    fields.put("kind", kind);
    fields.put("resource", resource);
    fields.put("subResource", ValueType.STRING);
    fields.put("requestKind", kind);
    fields.put("requestResource", resource);
    fields.put("requestSubResource", ValueType.STRING);
    fields.put("name", ValueType.STRING);
    fields.put("namespace", ValueType.STRING);
    fields.put("operation", ValueType.STRING);
    fields.put("userInfo", user("kubernetes.UserInfo"));
    fields.put("dryRun", ValueType.BOOL);
    fields.put("options", ValueType.DYN);
    return ValueType.object("kubernetes.AdmissionRequest", fields);
  }

  private static ValueType user(String name) {
    return ValueType.object(
        name,
        Map.of(
            "username",
            ValueType.STRING,
            "uid",
            ValueType.STRING,
            "groups",
            TEXTS,
            "extra",
            ValueType.map(TEXTS)));
  }

  private static ValueType texts(String name, String... fields) {
    Map<String, ValueType> texts = new LinkedHashMap<>();
    for (String field : fields) {
      texts.put(field, ValueType.STRING);
    }
    return ValueType.object(name, texts);
  }
}
