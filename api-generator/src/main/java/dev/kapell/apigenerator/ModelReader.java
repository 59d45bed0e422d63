package dev.kapell.apigenerator;

import com.google.gson.annotations.SerializedName;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.swagger.annotations.ApiModel;
import io.swagger.annotations.ApiModelProperty;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Joins the published classes and messages into the types to be written. */
final class ModelReader {
  private static final Set<String> EMPTYABLE = Set.of("metadata", "spec", "status", "template");

  /** Kinds that only have a message. */
  private static final Set<String> MESSAGE_KINDS =
      Set.of(
          "PartialObjectMetadata",
          "PartialObjectMetadataList",
          "ListOptions",
          "GetOptions",
          "CreateOptions",
          "UpdateOptions",
          "PatchOptions",
          "AdmissionReview",
          "PodStatusResult",
          "RangeAllocation",
          "SerializedReference");

  /**
   * Fields whose published message is older than their class, with the number that the reference
   * gives them.
   */
  private static final Map<String, Integer> NEWER_THAN_MESSAGE =
      Map.of("certificates.v1beta1.PodCertificateRequestSpec.stubPKCS10Request", 12);

  private final PublishedClasses classes;
  private final PublishedMessages messages;
  private final Pointers pointers = new Pointers();
  private final Map<Class<?>, TypeName> names = new HashMap<>();
  private final List<String> notes = new ArrayList<>();

  ModelReader(PublishedClasses classes, PublishedMessages messages) {
    this.classes = classes;
    this.messages = messages;
  }

  /** All types by name. */
  Map<TypeName, TypeDef> read() {
    classes
        .models()
        .forEach(
            (simple, model) ->
                names.put(model, Naming.record(simple, classes.groupOf(simple), messages)));
    Map<TypeName, TypeDef> types = new TreeMap<>();
    names.forEach(
        (model, name) -> {
          if (types.put(name, read(name, messages.find(name), Optional.of(model))) != null) {
            throw new IllegalStateException("two published classes are " + name.id());
          }
        });
    messages
        .all()
        .forEach(
            (name, message) -> {
              if (isStable(name) && !Shapes.isSpecial(message)) {
                types.computeIfAbsent(name, n -> read(n, Optional.of(message), Optional.empty()));
              }
            });
    for (TypeDef type : List.copyOf(types.values())) {
      type.fields().forEach(field -> addReferred(field.shape(), types));
    }
    return types;
  }

  private void addReferred(Shape shape, Map<TypeName, TypeDef> types) {
    switch (shape) {
      case Shape.ListOf(Shape element) -> addReferred(element, types);
      case Shape.MapOf(Shape value) -> addReferred(value, types);
      case Shape.Ref(TypeName name) when !types.containsKey(name) -> {
        TypeDef type = read(name, messages.find(name), Optional.empty());
        types.put(name, type);
        type.fields().forEach(field -> addReferred(field.shape(), types));
      }
      case Shape.Ref _, Shape.Scalar _ -> {}
    }
  }

  /** What did not match, for the build's log. */
  List<String> notes() {
    return notes;
  }

  private TypeDef read(TypeName name, Optional<Descriptor> message, Optional<Class<?>> model) {
    Map<String, Field> members = model.map(ModelReader::members).orElse(Map.of());
    Map<String, WireFields.Found> wires = message.map(WireFields::of).orElse(Map.of());
    boolean kind = isKind(name, message, members.keySet());
    Set<String> jsonNames = new TreeSet<>(members.keySet());
    Set<String> known = new TreeSet<>();
    members.keySet().forEach(n -> known.add(Naming.bare(n)));
    wires.forEach(
        (bare, found) -> {
          if (model.isEmpty()) {
            jsonNames.add(found.field().getName());
          } else if (!known.contains(bare)) {
            // The descriptors run ahead of the classes by a version.
            notes.add("left out, only in protobuf: " + name.id() + "." + found.field().getName());
          }
        });
    if (kind) {
      jsonNames.removeAll(Set.of("apiVersion", "kind"));
    }
    List<FieldDef> fields = new ArrayList<>();
    for (String json : jsonNames) {
      fields.add(
          field(name, json, members.get(json), wires.get(Naming.bare(json)), message.isPresent()));
    }
    fields.sort(Comparator.comparing(FieldDef::jsonName));
    String description =
        model.map(m -> m.getAnnotation(ApiModel.class)).map(ApiModel::description).orElse("");
    return new TypeDef(
        name,
        description,
        kind ? Optional.of(Naming.apiVersion(name)) : Optional.empty(),
        message.isPresent(),
        List.copyOf(fields));
  }

  private FieldDef field(
      TypeName owner,
      String json,
      @Nullable Field member,
      WireFields.@Nullable Found found,
      boolean hasMessage) {
    if (hasMessage && found == null && newer(owner, json).isEmpty()) {
      notes.add("only in JSON: " + owner.id() + "." + json);
    }
    FieldDescriptor descriptor = found == null ? null : found.field();
    Shape shape;
    if (descriptor != null) {
      shape = Shapes.ofMessage(descriptor, messages);
    } else if (member != null) {
      shape = Shapes.ofClass(member.getGenericType(), json, names);
    } else {
      throw new IllegalStateException(owner.id() + "." + json);
    }
    Optional<ApiModelProperty> about = Optional.ofNullable(member).flatMap(ModelReader::property);
    return new FieldDef(
        json,
        Naming.component(json),
        shape,
        about.map(ApiModelProperty::required).orElse(json.equals("items")),
        EMPTYABLE.contains(json) && isRecordWithFields(shape),
        pointers.keepsZero(owner, json, hasMessage),
        about.map(ApiModelProperty::value).orElse(""),
        found == null ? newer(owner, json) : found.path());
  }

  /**
   * A record without fields says something by being there, so that it cannot stand for an absent
   * one.
   */
  private boolean isRecordWithFields(Shape shape) {
    return shape instanceof Shape.Ref ref
        && messages.find(ref.type()).map(m -> !m.getFields().isEmpty()).orElse(true);
  }

  /**
   * Among the types that only have a message, the alpha and beta ones are those that the API has
   * given up.
   */
  private static boolean isStable(TypeName name) {
    return name.version().matches("v\\d+") && !Naming.isRetired(name);
  }

  private static List<Integer> newer(TypeName owner, String json) {
    return Optional.ofNullable(NEWER_THAN_MESSAGE.get(owner.id() + "." + json))
        .map(List::of)
        .orElse(List.of());
  }

  private static boolean isKind(TypeName name, Optional<Descriptor> message, Set<String> members) {
    if (members.isEmpty()) {
      return MESSAGE_KINDS.contains(name.name());
    }
    return members.contains("kind")
        && members.contains("apiVersion")
        && message.map(m -> m.findFieldByName("kind") == null).orElse(members.contains("metadata"));
  }

  private static Map<String, Field> members(Class<?> model) {
    Map<String, Field> members = new TreeMap<>();
    for (Field field : model.getDeclaredFields()) {
      SerializedName json = field.getAnnotation(SerializedName.class);
      if (json != null) {
        members.put(json.value(), field);
      }
    }
    return members;
  }

  private static Optional<ApiModelProperty> property(Field field) {
    for (Method method : field.getDeclaringClass().getDeclaredMethods()) {
      ApiModelProperty about = method.getAnnotation(ApiModelProperty.class);
      if (about != null
          && Naming.bare(method.getName()).equals("get" + Naming.bare(field.getName()))) {
        return Optional.of(about);
      }
    }
    return Optional.empty();
  }
}
