package dev.kapell.apigenerator;

/** What a field holds. */
sealed interface Shape {
  /**
   * A single value that is no record. Its word is the name of the reading and writing methods of
   * {@code dev.kapell.api}.
   */
  enum Scalar implements Shape {
    STRING("String", "string", "\"\""),
    BOOL("Boolean", "bool", "false"),
    INT32("Integer", "int32", "0"),
    INT64("Long", "int64", "0L"),
    FLOAT64("Double", "float64", "0.0"),
    TIME("java.time.Instant", "time", "java.time.Instant.EPOCH"),
    MICRO_TIME("java.time.Instant", "microTime", "java.time.Instant.EPOCH"),
    QUANTITY(
        "dev.kapell.api.resource.Quantity", "quantity", "dev.kapell.api.resource.Quantity.ZERO"),
    INT_OR_STRING("dev.kapell.api.IntOrString", "intOrString", "dev.kapell.api.IntOrString.of(0)"),
    BYTES("dev.kapell.api.Bytes", "bytes", "dev.kapell.api.Bytes.EMPTY"),
    STRINGS("java.util.List<String>", "strings", "java.util.List.of()"),
    JSON("dev.kapell.api.Json", "json", "dev.kapell.api.Json.of(null)"),
    SCHEMA_OR_ARRAY("dev.kapell.api.Json", "schemaOrArray", "dev.kapell.api.Json.of(null)"),
    SCHEMA_OR_BOOL("dev.kapell.api.Json", "schemaOrBool", "dev.kapell.api.Json.of(null)"),
    SCHEMA_OR_STRINGS("dev.kapell.api.Json", "schemaOrStrings", "dev.kapell.api.Json.of(null)");

    private final String javaType;
    private final String word;
    private final String zero;

    Scalar(String javaType, String word, String zero) {
      this.javaType = javaType;
      this.word = word;
      this.zero = zero;
    }

    @Override
    public String javaType() {
      return javaType;
    }

    @Override
    public String word() {
      return word;
    }

    @Override
    public String zero() {
      return zero;
    }

    /**
     * One of the forms of a custom resource's schema, which {@code dev.kapell.api.schemaforms}
     * handles.
     */
    boolean isSchemaForm() {
      return this == SCHEMA_OR_ARRAY || this == SCHEMA_OR_BOOL || this == SCHEMA_OR_STRINGS;
    }
  }

  /** A record. */
  record Ref(TypeName type) implements Shape {
    @Override
    public String javaType() {
      return type.javaName();
    }

    @Override
    public String word() {
      return "@" + type.id();
    }

    @Override
    public String zero() {
      return type.javaName() + ".EMPTY";
    }

    /** The record's codec. */
    String codec() {
      return type.javaName() + ".CODEC";
    }
  }

  /** A list. */
  record ListOf(Shape element) implements Shape {
    @Override
    public String javaType() {
      return "java.util.List<" + element.javaType() + ">";
    }

    @Override
    public String word() {
      return element.word();
    }

    @Override
    public String zero() {
      return "java.util.List.of()";
    }
  }

  /** A map with string keys. */
  record MapOf(Shape value) implements Shape {
    @Override
    public String javaType() {
      return "java.util.Map<String, " + value.javaType() + ">";
    }

    @Override
    public String word() {
      return value.word();
    }

    @Override
    public String zero() {
      return "java.util.Map.of()";
    }
  }

  /** The Java type. */
  String javaType();

  /** The schema's word for it. */
  String word();

  /** The Java expression of what stands for an absent value inside a map. */
  String zero();
}
