package dev.kapell.cel.cost;

import dev.cel.common.types.CelKind;
import dev.cel.common.values.CelByteString;
import dev.kapell.api.resource.Quantity;
import dev.kapell.cel.function.Signature;
import dev.kapell.cel.value.Cidr;
import dev.kapell.cel.value.Ip;
import dev.kapell.cel.value.NamedFormat;
import dev.kapell.cel.value.Semver;
import dev.kapell.cel.value.Url;
import dev.kapell.cel.value.Values;
import java.util.List;
import java.util.Map;

/** What one call of a function cost, known afterwards. */
public final class CallCosts {
  static final long CHECK = 350_000;
  static final double TRAVERSAL = 0.1;
  static final double REGEX = 0.25;
  static final int NAME_REGEX_LENGTH = 60;
  private static final double REQUIREMENTS_OF_A_CHARACTER = 0.5;
  private static final double COST_OF_A_REQUIREMENT = 50;
  private static final long SELECTOR = 10;

  private CallCosts() {}

  /** The cost of a call that gave {@code result}. */
  public static long of(String function, Signature signature, Object[] args, Object result) {
    return switch (function) {
      case "check" -> CHECK;
      case "fieldSelector", "labelSelector" -> selector(Values.size(args[1]));
      case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" -> traversal(args[0]);
      case "startsWith",
          "endsWith",
          "bytes",
          "strings.quote",
          "format",
          "url",
          "lowerAscii",
          "upperAscii",
          "substring",
          "trim",
          "jsonpatch.escapeKey",
          "cidr",
          "isIP",
          "isCIDR",
          "quantity",
          "isQuantity",
          "semver",
          "isSemver" ->
          text(Values.size(args[0]), 1);
      case "string" -> args[0] instanceof CelByteString bytes ? text(bytes.size(), 1) : 1;
      case "ip" -> args[0] instanceof Cidr ? 1 : text(Values.size(args[0]), 1);
      case "replace", "split", "ip.isCanonical" -> text(Values.size(args[0]), 2);
      case "join" -> text(Values.size(result), 2);
      case "@in" -> args[1] instanceof List<?> list ? list.size() : 1;
      case "_==_", "_!=_" -> equality(args);
      case "_<_", "_<=_", "_>_", "_>=_" ->
          args[0] instanceof String || args[0] instanceof CelByteString
              ? text(Math.min(Values.size(args[0]), Values.size(args[1])), 1)
              : 1;
      case "_+_" ->
          signature.result().kind() == CelKind.STRING || signature.result().kind() == CelKind.BYTES
              ? text(Values.size(args[0]) + Values.size(args[1]), 1)
              : 1;
      case "matches", "find", "findAll" -> regex(Values.size(args[0]), Values.size(args[1]));
      case "validate" -> regex(Values.size(args[1]), NAME_REGEX_LENGTH);
      case "contains" -> text(Values.size(args[0]), 1) * text(Values.size(args[1]), 1);
      case "containsIP", "containsCIDR" -> contains(function, args);
      default -> 1;
    };
  }

  private static long text(long size, int times) {
    return (long) Math.ceil(size * times * TRAVERSAL);
  }

  private static long regex(long text, long pattern) {
    return (long) Math.ceil((1 + text) * TRAVERSAL) * (long) Math.ceil(pattern * REGEX);
  }

  private static long selector(long size) {
    return SELECTOR
        + text(size, 1)
        + (long) Math.ceil(Math.ceil(size * REQUIREMENTS_OF_A_CHARACTER) * COST_OF_A_REQUIREMENT);
  }

  private static long equality(Object[] args) {
    return switch (args[0]) {
      case Quantity q -> 1;
      case Ip ip -> 1;
      case Cidr cidr -> 1;
      case Url url -> 1;
      case Semver version -> 1;
      case NamedFormat format -> 1;
      default -> text(Math.min(Values.size(args[0]), Values.size(args[1])), 1);
    };
  }

  private static long contains(String function, Object[] args) {
    long range = Values.size(args[0]);
    long cost = text(range, 2);
    if (function.equals("containsCIDR")) {
      cost += text(range, 1) + 1;
    }
    return args[1] instanceof String other ? cost + text(Values.size(other), 1) : cost;
  }

  private static long traversal(Object value) {
    return switch (value) {
      case String text -> (long) (text.length() * TRAVERSAL);
      case CelByteString bytes -> (long) (bytes.size() * TRAVERSAL);
      case List<?> list -> list.stream().mapToLong(item -> traversal(Values.of(item))).sum();
      case Map<?, ?> map ->
          map.entrySet().stream()
              .mapToLong(
                  entry ->
                      traversal(Values.of(entry.getKey())) + traversal(Values.of(entry.getValue())))
              .sum();
      default -> 1;
    };
  }
}
