package dev.kapell.cel.type;

import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import dev.kapell.cel.function.Authorizations;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a variable can hold, and how big that can be.
 *
 * @param kind which sort of value
 * @param name of an object, unique among the types of one environment; else empty
 * @param element of a list or the values of a map; null for others
 * @param fields of an object, by the name that expressions use
 * @param maxSize at most so many bytes, items or entries; {@link #UNBOUNDED} when nothing says so;
 *     0 for what has no size
 * @param minBytes how small the value can be as JSON
 * @param adapter makes values of JSON; null when JSON is the value already
 */
public record ValueType(
    Kind kind,
    String name,
    @Nullable ValueType element,
    Map<String, ValueType> fields,
    long maxSize,
    long minBytes,
    @Nullable Adapter adapter) {
  /** No limit. */
  public static final long UNBOUNDED = Long.MAX_VALUE;

  /** Anything: checked when it is evaluated. */
  public static final ValueType DYN = simple(Kind.DYN, 1).atMost(UNBOUNDED);

  /** A truth value. */
  public static final ValueType BOOL = simple(Kind.BOOL, 4);

  /** A whole number. */
  public static final ValueType INT = simple(Kind.INT, 1);

  /** A text of any length. */
  public static final ValueType STRING = simple(Kind.STRING, 2).atMost(UNBOUNDED);

  /** The key of a map: the reference's estimates take it for empty. */
  private static final ValueType KEY = simple(Kind.STRING, 2).atMost(0);

  /** Asks for rights. */
  public static final ValueType AUTHORIZER = simple(Kind.AUTHORIZER, 1);

  /** Asks for rights on one resource. */
  public static final ValueType RESOURCE_CHECK = simple(Kind.RESOURCE_CHECK, 1);

  /** The sorts of values. */
  public enum Kind {
    /** Anything. */
    DYN,
    /** A truth value. */
    BOOL,
    /** A whole number. */
    INT,
    /** A number. */
    DOUBLE,
    /** A text. */
    STRING,
    /** A text in base 64. */
    BYTES,
    /** A span of time as text. */
    DURATION,
    /** A point in time as text. */
    TIMESTAMP,
    /** A list. */
    LIST,
    /** A map from text. */
    MAP,
    /** An object with known fields. */
    OBJECT,
    /** Asks for rights. */
    AUTHORIZER,
    /** Asks for rights on one resource. */
    RESOURCE_CHECK
  }

  /** Makes the language's value of a JSON value. */
  @FunctionalInterface
  public interface Adapter {
    /** The value; the JSON value is not changed. */
    Object adapt(Object json);
  }

  /** Keeps the fields in order. */
  public ValueType {
    fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  private static ValueType simple(Kind kind, long minBytes) {
    return new ValueType(kind, "", null, Map.of(), 0, minBytes, null);
  }

  /** A list without bound. */
  public static ValueType list(ValueType element) {
    return new ValueType(Kind.LIST, "", element, Map.of(), UNBOUNDED, 2, null);
  }

  /** A map from text without bound. */
  public static ValueType map(ValueType element) {
    return new ValueType(Kind.MAP, "", element, Map.of(), UNBOUNDED, 2, null);
  }

  /** An object with these fields; the name is unique in its environment. */
  public static ValueType object(String name, Map<String, ValueType> fields) {
    return new ValueType(Kind.OBJECT, name, null, fields, 0, 2, null);
  }

  /** Makes the language's value of a JSON value. */
  public Object adapt(Object json) {
    return adapter == null ? json : adapter.adapt(json);
  }

  /** The same with a bound. */
  public ValueType atMost(long size) {
    return new ValueType(kind, name, element, fields, size, minBytes, adapter);
  }

  /** As the type checker knows it. */
  public CelType checked() {
    return switch (kind) {
      case DYN -> SimpleType.DYN;
      case BOOL -> SimpleType.BOOL;
      case INT -> SimpleType.INT;
      case DOUBLE -> SimpleType.DOUBLE;
      case STRING -> SimpleType.STRING;
      case BYTES -> SimpleType.BYTES;
      case DURATION -> SimpleType.DURATION;
      case TIMESTAMP -> SimpleType.TIMESTAMP;
      case AUTHORIZER -> Authorizations.AUTHORIZER;
      case RESOURCE_CHECK -> Authorizations.RESOURCE_CHECK;
      case LIST -> ListType.create(inner());
      case MAP -> MapType.create(SimpleType.STRING, inner());
      case OBJECT -> StructTypeReference.create(name);
    };
  }

  private CelType inner() {
    return element == null ? SimpleType.DYN : element.checked();
  }

  /** Every object type within, by name, as the type checker looks them up. */
  public Map<String, CelType> structs() {
    Map<String, CelType> structs = new LinkedHashMap<>();
    collect(structs);
    return structs;
  }

  private void collect(Map<String, CelType> structs) {
    if (element != null) {
      element.collect(structs);
    }
    if (kind == Kind.OBJECT && structs.putIfAbsent(name, SimpleType.DYN) == null) {
      ImmutableMap.Builder<String, CelType> types = ImmutableMap.builder();
      fields.forEach((field, type) -> types.put(field, type.checked()));
      ImmutableMap<String, CelType> checked = types.buildOrThrow();
      structs.put(
          name,
          StructType.create(
              name, checked.keySet(), field -> Optional.ofNullable(checked.get(field))));
      fields.values().forEach(field -> field.collect(structs));
    }
  }

  /**
   * The type at a path of the estimator: field names, {@code @items}, {@code @values},
   * {@code @keys}. Of an entry of a map that is named like a field nothing is known, as in the
   * reference.
   */
  public Optional<ValueType> step(String step) {
    return switch (step) {
      case "@items", "@values" -> Optional.ofNullable(element);
      case "@keys" -> Optional.of(KEY);
      case "@indices" -> Optional.of(INT);
      default -> Optional.ofNullable(fields.get(step));
    };
  }
}
