package dev.kapell.cel.function;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.common.types.TypeType;
import dev.cel.common.values.CelByteString;
import dev.kapell.cel.value.Null;
import dev.kapell.cel.value.TypeName;
import dev.kapell.cel.value.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a function takes and gives, read from text: {@code (int, int) -> int}, or for a member
 * {@code string.(int) -> string}. Single capital letters are type parameters.
 *
 * @param member whether the first parameter stands before the dot
 * @param params all of them, the receiver first
 * @param result what it gives
 */
public record Signature(boolean member, List<CelType> params, CelType result) {
  private static final Map<String, CelType> NAMED =
      Map.ofEntries(
          Map.entry("bool", SimpleType.BOOL),
          Map.entry("int", SimpleType.INT),
          Map.entry("uint", SimpleType.UINT),
          Map.entry("double", SimpleType.DOUBLE),
          Map.entry("string", SimpleType.STRING),
          Map.entry("bytes", SimpleType.BYTES),
          Map.entry("timestamp", SimpleType.TIMESTAMP),
          Map.entry("duration", SimpleType.DURATION),
          Map.entry("dyn", SimpleType.DYN),
          Map.entry("null", SimpleType.NULL_TYPE),
          Map.entry("Quantity", OpaqueType.create("kubernetes.Quantity")),
          Map.entry("URL", OpaqueType.create("kubernetes.URL")),
          Map.entry("IP", OpaqueType.create("net.IP")),
          Map.entry("CIDR", OpaqueType.create("net.CIDR")),
          Map.entry("Semver", OpaqueType.create("kubernetes.Semver")),
          Map.entry("Format", OpaqueType.create("kubernetes.NamedFormat")),
          Map.entry("Authorizer", Authorizations.AUTHORIZER),
          Map.entry("PathCheck", OpaqueType.create("kubernetes.authorization.PathCheck")),
          Map.entry("GroupCheck", OpaqueType.create("kubernetes.authorization.GroupCheck")),
          Map.entry("ResourceCheck", Authorizations.RESOURCE_CHECK),
          Map.entry("Decision", OpaqueType.create("kubernetes.authorization.Decision")));

  /** Copies the list. */
  public Signature {
    params = List.copyOf(params);
  }

  static Signature parse(String text) {
    int arrow = text.indexOf(" -> ");
    boolean member = !text.startsWith("(");
    int open = member ? text.indexOf(".(") : -1;
    List<CelType> params = new ArrayList<>();
    if (member) {
      params.add(type(text.substring(0, open)));
    }
    split(text.substring(open < 0 ? 1 : open + 2, arrow - 1)).forEach(p -> params.add(type(p)));
    return new Signature(member, params, type(text.substring(arrow + " -> ".length())));
  }

  private static CelType type(String text) {
    int open = text.indexOf('(');
    if (open < 0) {
      CelType named = NAMED.get(text);
      return named == null ? TypeParamType.create(text) : named;
    }
    List<CelType> of =
        split(text.substring(open + 1, text.length() - 1)).stream().map(Signature::type).toList();
    return switch (text.substring(0, open)) {
      case "list" -> ListType.create(of.getFirst());
      case "map" -> MapType.create(of.getFirst(), of.getLast());
      case "optional" -> OptionalType.create(of.getFirst());
      case "type" -> TypeType.create(of.getFirst());
      default -> throw new IllegalArgumentException(text);
    };
  }

  /** At commas that stand outside brackets. */
  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    if (!text.isBlank()) {
      parts.add(text.substring(start).strip());
    }
    return parts;
  }

  /** Whether these values fit; lists and maps by their own type only. */
  public boolean accepts(Object[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!accepts(params.get(i), values[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean accepts(CelType type, Object value) {
    return switch (type.kind()) {
      case BOOL -> value instanceof Boolean;
      case INT -> value instanceof Long;
      case UINT -> value instanceof UnsignedLong;
      case DOUBLE -> value instanceof Double;
      case STRING -> value instanceof String;
      case BYTES -> value instanceof CelByteString;
      case TIMESTAMP -> value instanceof Instant;
      case DURATION -> value instanceof Duration;
      case NULL_TYPE -> value == Null.VALUE;
      case LIST -> value instanceof List<?>;
      case MAP -> value instanceof Map<?, ?>;
      case TYPE -> value instanceof TypeName;
      case OPAQUE ->
          type instanceof OptionalType
              ? value instanceof Optional<?>
              : type.name().equals(Values.typeName(value))
                  || (value instanceof Authorizations.Typed typed
                      && type.name().equals(typed.typeName()));
      default -> true;
    };
  }

  /** Whether values of these static types can fit, as far as that can be known. */
  public boolean canAccept(List<CelType> types) {
    for (int i = 0; i < types.size(); i++) {
      if (!canAccept(params.get(i), types.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean canAccept(CelType param, CelType type) {
    boolean open = isOpen(param.kind()) || isOpen(type.kind());
    if (open) {
      return true;
    }
    if (param.kind() != type.kind()) {
      // Objects are maps when it comes to it.
      return param.kind() == CelKind.MAP && type.kind() == CelKind.STRUCT;
    }
    return param.kind() != CelKind.OPAQUE || param.name().equals(type.name());
  }

  private static boolean isOpen(CelKind kind) {
    return switch (kind) {
      case DYN, ANY, TYPE_PARAM, ERROR, UNSPECIFIED -> true;
      default -> false;
    };
  }
}
