package dev.kapell.apigenerator;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From published Java and protobuf types to shapes. */
final class Shapes {
  /** {@code MicroTime} fields of types that have no message; where there is one, it decides. */
  private static final Set<String> MICRO_TIMES =
      Set.of("acquireTime", "renewTime", "eventTime", "lastObservedTime", "pingTime");

  private Shapes() {}

  /** The shape of a field of a published class. */
  static Shape ofClass(Type type, String jsonName, Map<Class<?>, TypeName> names) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        return new Shape.ListOf(ofClass(arguments[0], jsonName, names));
      }
      Shape value = ofClass(arguments[1], jsonName, names);
      return new Shape.MapOf(
          value.equals(new Shape.ListOf(Shape.Scalar.STRING)) ? Shape.Scalar.STRINGS : value);
    }
    TypeName record = type instanceof Class<?> model ? names.get(model) : null;
    if (record != null) {
      return new Shape.Ref(record);
    }
    return switch (type.getTypeName()) {
      case "java.lang.String" -> Shape.Scalar.STRING;
      case "java.lang.Boolean" -> Shape.Scalar.BOOL;
      case "java.lang.Integer" -> Shape.Scalar.INT32;
      case "java.lang.Long" -> Shape.Scalar.INT64;
      case "java.lang.Double" -> Shape.Scalar.FLOAT64;
      case "java.time.OffsetDateTime" ->
          MICRO_TIMES.contains(jsonName) ? Shape.Scalar.MICRO_TIME : Shape.Scalar.TIME;
      case "byte[]" -> Shape.Scalar.BYTES;
      case "java.lang.Object" -> Shape.Scalar.JSON;
      case "io.kubernetes.client.custom.Quantity" -> Shape.Scalar.QUANTITY;
      case "io.kubernetes.client.custom.IntOrString" -> Shape.Scalar.INT_OR_STRING;
      default -> throw new IllegalStateException("no shape for " + type);
    };
  }

  /** The shape of a field of a message. */
  static Shape ofMessage(FieldDescriptor field, PublishedMessages messages) {
    if (field.isMapField()) {
      return new Shape.MapOf(single(field.getMessageType().findFieldByName("value"), messages));
    }
    Shape single = single(field, messages);
    return field.isRepeated() ? new Shape.ListOf(single) : single;
  }

  /** Whether a message is one of the special values, and no record. */
  static boolean isSpecial(Descriptor message) {
    return message.getOptions().getMapEntry() || special(message) != null;
  }

  private static Shape single(FieldDescriptor field, PublishedMessages messages) {
    return switch (field.getType()) {
      case STRING -> Shape.Scalar.STRING;
      case BOOL -> Shape.Scalar.BOOL;
      case INT32 -> Shape.Scalar.INT32;
      case INT64 -> Shape.Scalar.INT64;
      case DOUBLE -> Shape.Scalar.FLOAT64;
      case BYTES -> Shape.Scalar.BYTES;
      case MESSAGE -> {
        Shape special = special(field.getMessageType());
        yield special == null ? new Shape.Ref(messages.nameOf(field.getMessageType())) : special;
      }
      default -> throw new IllegalStateException("no shape for " + field.getFullName());
    };
  }

  private static @Nullable Shape special(Descriptor message) {
    return switch (message.getFullName()) {
      case "k8s.io.apimachinery.pkg.apis.meta.v1.Time" -> Shape.Scalar.TIME;
      case "k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime" -> Shape.Scalar.MICRO_TIME;
      case "k8s.io.apimachinery.pkg.api.resource.Quantity" -> Shape.Scalar.QUANTITY;
      case "k8s.io.apimachinery.pkg.util.intstr.IntOrString" -> Shape.Scalar.INT_OR_STRING;
      case "k8s.io.apimachinery.pkg.runtime.RawExtension",
          "k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1",
          "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON" ->
          Shape.Scalar.JSON;
      case "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray" ->
          Shape.Scalar.SCHEMA_OR_ARRAY;
      case "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool" ->
          Shape.Scalar.SCHEMA_OR_BOOL;
      case "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray" ->
          Shape.Scalar.SCHEMA_OR_STRINGS;
      default -> isNamedList(message) ? Shape.Scalar.STRINGS : null;
    };
  }

  /** {@code Verbs}, {@code ExtraValue}: a list in JSON, a message around a list in protobuf. */
  private static boolean isNamedList(Descriptor message) {
    return message.getFields().size() == 1
        && message.getFields().getFirst().getName().equals("items")
        && message.getFields().getFirst().getType() == FieldDescriptor.Type.STRING;
  }
}
