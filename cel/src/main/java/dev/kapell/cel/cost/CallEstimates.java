package dev.kapell.cel.cost;

import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.kapell.cel.type.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one call of a function can cost, from the sizes of what it is given. */
final class CallEstimates {
  private static final double SELECTOR_REQUIREMENTS = 0.5;
  private static final double REQUIREMENT = 50;
  private static final Set<CelKind> SCALARS =
      Set.of(
          CelKind.INT,
          CelKind.UINT,
          CelKind.DOUBLE,
          CelKind.BOOL,
          CelKind.TIMESTAMP,
          CelKind.DURATION);

  /** Numbers and times are short as text; the reference does not bound them, and should. */
  private static final Optional<Range> SCALAR_TEXT = Optional.of(new Range(1, 32));

  private static final Range ADDRESS = new Range(4, 16);

  /**
   * An estimate.
   *
   * @param cost without that of the arguments
   * @param size of the result, when it can be told
   */
  record Estimate(Range cost, Optional<Range> size) {
    static Estimate of(Range cost) {
      return new Estimate(cost, Optional.empty());
    }
  }

  private final Map<String, ValueType> variables;

  CallEstimates(Map<String, ValueType> variables) {
    this.variables = variables;
  }

  /** The receiver counts as the first argument. */
  Estimate of(String function, List<Place> args) {
    if (args.isEmpty()) {
      return Estimate.of(Range.ONE);
    }
    Range first = size(args.getFirst());
    return switch (function) {
      case "check" -> Estimate.of(Range.of(CallCosts.CHECK));
      case "fieldSelector", "labelSelector" -> Estimate.of(selector(size(args.get(1))));
      case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" -> traversal(args.getFirst());
      case "url", "jsonpatch.escapeKey", "lowerAscii", "upperAscii", "substring", "trim" ->
          new Estimate(first.times(CallCosts.TRAVERSAL), Optional.of(first));
      case "replace" -> replace(first, size(args.get(1)), size(args.get(2)));
      case "split" ->
          new Estimate(
              first.times(2 * CallCosts.TRAVERSAL), Optional.of(new Range(0, first.max())));
      case "join" -> join(args);
      case "find", "findAll" ->
          new Estimate(regex(first, size(args.get(1))), Optional.of(new Range(0, first.max())));
      case "matches" -> Estimate.of(regex(first, size(args.get(1))));
      case "cidr", "isIP", "isCIDR", "quantity", "isQuantity", "semver", "isSemver" ->
          Estimate.of(first.times(CallCosts.TRAVERSAL));
      case "ip" ->
          Estimate.of(
              args.getFirst().type().kind() == CelKind.OPAQUE
                  ? Range.ONE
                  : first.times(CallCosts.TRAVERSAL));
      case "ip.isCanonical" -> Estimate.of(first.times(2 * CallCosts.TRAVERSAL));
      case "containsIP", "containsCIDR" -> Estimate.of(contains(function, args.get(1)));
      case "validate" ->
          Estimate.of(size(args.get(1)).times(CallCosts.TRAVERSAL).times(128 * CallCosts.REGEX));
      case "bytes" ->
          new Estimate(
              first.times(CallCosts.TRAVERSAL),
              Optional.of(new Range(first.min(), Range.product(first.max(), 4))));
      case "startsWith", "endsWith" -> Estimate.of(size(args.get(1)).times(CallCosts.TRAVERSAL));
      case "strings.quote", "format" -> Estimate.of(first.times(CallCosts.TRAVERSAL));
      case "string" -> string(args.getFirst(), first);
      case "contains" ->
          Estimate.of(
              first.times(CallCosts.TRAVERSAL).times(size(args.get(1)).times(CallCosts.TRAVERSAL)));
      case "@in" ->
          Estimate.of(args.get(1).type().kind() == CelKind.LIST ? size(args.get(1)) : Range.ONE);
      case "_+_" -> sum(args, first);
      case "_==_", "_!=_" -> equality(args);
      case "_<_", "_<=_", "_>_", "_>=_" ->
          isText(args.getFirst().type()) ? equality(args) : Estimate.of(Range.ONE);
      default -> Estimate.of(Range.ONE);
    };
  }

  private Range size(Place place) {
    return place
        .size()
        .or(() -> Place.declared(place.path(), variables))
        .orElse(SCALARS.contains(place.type().kind()) ? Range.ONE : Range.UNKNOWN);
  }

  private static boolean isText(CelType type) {
    return type.kind() == CelKind.STRING || type.kind() == CelKind.BYTES;
  }

  private static Range selector(Range length) {
    return Range.of(10)
        .plus(length.times(CallCosts.TRAVERSAL))
        .plus(length.times(SELECTOR_REQUIREMENTS).times(REQUIREMENT));
  }

  private Estimate traversal(Place target) {
    Range length = size(target);
    if (target.type().kind() != CelKind.LIST) {
      return Estimate.of(length.times(CallCosts.TRAVERSAL));
    }
    CelType element = target.type().parameters().getFirst();
    Range each = Range.ONE;
    if (isText(element)) {
      Range size = Place.declared(target.then("@items"), variables).orElse(Range.UNKNOWN);
      each = each.plus(size.times(CallCosts.TRAVERSAL));
    }
    return Estimate.of(length.times(each));
  }

  private static Estimate replace(Range text, Range from, Range to) {
    long longest = text.max();
    if (from.min() == 0) {
      longest = new Range(0, text.max()).plus(Range.ONE).times(to).plus(text).max();
    } else if (to.max() > from.min()) {
      longest = Range.product((long) Math.ceil((double) text.max() / from.min()), to.max());
    }
    return new Estimate(text.times(2 * CallCosts.TRAVERSAL), Optional.of(new Range(0, longest)));
  }

  private Estimate join(List<Place> args) {
    Place target = args.getFirst();
    Range length = size(target);
    Range each = Place.declared(target.then("@items"), variables).orElse(Range.UNKNOWN);
    Range size = length.times(each);
    if (args.size() > 1) {
      Range gaps = new Range(Math.max(0, length.min() - 1), Math.max(0, length.max() - 1));
      size = size.plus(size(args.get(1)).times(gaps));
    }
    return new Estimate(size.times(CallCosts.TRAVERSAL), Optional.of(size));
  }

  private static Range regex(Range text, Range pattern) {
    return text.plus(Range.ONE).times(CallCosts.TRAVERSAL).times(pattern.times(CallCosts.REGEX));
  }

  private Range contains(String function, Place other) {
    Range cost = ADDRESS.plus(ADDRESS).times(CallCosts.TRAVERSAL);
    if (function.equals("containsCIDR")) {
      cost = cost.plus(ADDRESS.times(CallCosts.TRAVERSAL)).plus(Range.ONE);
    }
    return isText(other.type()) ? cost.plus(size(other).times(CallCosts.TRAVERSAL)) : cost;
  }

  private static Estimate string(Place arg, Range size) {
    return arg.type().kind() == CelKind.BYTES
        ? new Estimate(size.times(CallCosts.TRAVERSAL), Optional.of(size))
        : new Estimate(
            Range.ONE, SCALARS.contains(arg.type().kind()) ? SCALAR_TEXT : Optional.empty());
  }

  private Estimate sum(List<Place> args, Range first) {
    CelKind kind = args.getFirst().type().kind();
    Range size = first.plus(size(args.get(1)));
    return switch (kind) {
      case STRING, BYTES -> new Estimate(size.times(CallCosts.TRAVERSAL), Optional.of(size));
      case LIST -> new Estimate(Range.ONE, Optional.of(size));
      default -> Estimate.of(Range.ONE);
    };
  }

  private Estimate equality(List<Place> args) {
    CelType type = args.getFirst().type();
    if (type.kind() == CelKind.OPAQUE && !type.name().equals("optional_type")) {
      return Estimate.of(Range.ONE);
    }
    long smallest = Math.min(size(args.getFirst()).max(), size(args.get(1)).max());
    return Estimate.of(new Range(smallest > 0 ? 1 : 0, smallest).times(CallCosts.TRAVERSAL));
  }
}
