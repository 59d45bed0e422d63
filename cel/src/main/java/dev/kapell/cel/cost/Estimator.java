package dev.kapell.cel.cost;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.kapell.cel.type.ValueType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an expression can cost at most, by the model of the reference: a unit for each access, a
 * tenth of one for each character, everything in a loop as often as the loop can turn.
 */
public final class Estimator {
  /** The sizes of what a list or map holds. */
  private record Entries(Range key, Range value) {
    Entries or(Entries other) {
      return new Entries(key.or(other.key), value.or(other.value));
    }
  }

  private record Local(List<String> path, Optional<Range> size, Optional<Entries> entries) {}

  private final CelAbstractSyntaxTree ast;
  private final Map<String, ValueType> variables;
  private final CallEstimates calls;
  private final Map<Long, List<String>> paths = new HashMap<>();
  private final Map<Long, Range> sizes = new HashMap<>();
  private final Map<Long, Entries> entries = new HashMap<>();
  private final Map<String, Deque<Local>> locals = new HashMap<>();

  private Estimator(CelAbstractSyntaxTree ast, Map<String, ValueType> variables) {
    this.ast = ast;
    this.variables = variables;
    this.calls = new CallEstimates(variables);
  }

  /**
   * The range of costs.
   *
   * @param ast a checked expression
   * @param variables what it can read, with sizes
   */
  public static Range estimate(CelAbstractSyntaxTree ast, Map<String, ValueType> variables) {
    return new Estimator(ast, variables).cost(ast.getExpr());
  }

  private Range cost(CelExpr expr) {
    return switch (expr.exprKind().getKind()) {
      case CONSTANT, NOT_SET -> Range.ZERO;
      case IDENT -> ident(expr);
      case SELECT -> select(expr);
      case CALL -> call(expr);
      case LIST -> list(expr);
      case MAP -> map(expr);
      case STRUCT -> {
        Range sum = Range.of(40);
        for (CelExpr.CelStruct.Entry entry : expr.struct().entries()) {
          sum = sum.plus(cost(entry.value()));
        }
        yield sum;
      }
      case COMPREHENSION -> fold(expr);
    };
  }

  private Range ident(CelExpr expr) {
    String name = expr.ident().name();
    paths.put(expr.id(), local(name).map(Local::path).orElse(List.of(name)));
    return Range.ONE;
  }

  private Range select(CelExpr expr) {
    CelExpr.CelSelect select = expr.select();
    Range cost = cost(select.operand());
    if (select.testOnly()) {
      return cost;
    }
    CelKind kind = type(select.operand()).kind();
    if (kind == CelKind.MAP || kind == CelKind.STRUCT || kind == CelKind.TYPE_PARAM) {
      cost = cost.plus(Range.ONE);
    }
    paths.put(expr.id(), Place.append(path(select.operand()), select.field()));
    return cost;
  }

  private Range call(CelExpr expr) {
    String function = expr.call().function();
    List<CelExpr> args = new ArrayList<>();
    expr.call().target().ifPresent(args::add);
    args.addAll(expr.call().args());
    List<Range> costs = args.stream().map(this::cost).toList();
    Range sum = costs.stream().reduce(Range.ZERO, Range::plus);
    switch (function) {
      case "dyn" -> {
        copySizes(expr, args.getFirst());
        return sum.plus(Range.ONE);
      }
      case "_&&_", "_||_" -> {
        return new Range(costs.getFirst().min(), sum.max());
      }
      case "_?:_", "_?_:_" -> {
        sizes.put(expr.id(), sizeOrUnknown(args.get(1)).or(sizeOrUnknown(args.get(2))));
        entries(args.get(1))
            .flatMap(one -> entries(args.get(2)).map(one::or))
            .ifPresent(both -> entries.put(expr.id(), both));
        return costs.get(0).plus(costs.get(1).or(costs.get(2)));
      }
      case "_[_]", "_[?_]" -> index(expr, args.getFirst());
      case "_+_" ->
          entries(args.get(0))
              .flatMap(one -> entries(args.get(1)).map(one::or))
              .ifPresent(both -> entries.put(expr.id(), both));
      default -> {}
    }
    List<Place> places =
        args.stream().map(arg -> new Place(type(arg), path(arg), size(arg))).toList();
    CallEstimates.Estimate estimate = calls.of(function, places);
    estimate.size().ifPresent(size -> sizes.put(expr.id(), size));
    return sum.plus(estimate.cost());
  }

  private void index(CelExpr expr, CelExpr container) {
    String step = type(container).kind() == CelKind.LIST ? "@items" : "@values";
    paths.put(expr.id(), Place.append(path(container), step));
    entries(container).ifPresent(each -> sizes.put(expr.id(), each.value()));
  }

  private Range list(CelExpr expr) {
    Range sum = Range.of(10);
    Range each = new Range(expr.list().elements().isEmpty() ? 0 : Long.MAX_VALUE, 0);
    for (CelExpr item : expr.list().elements()) {
      sum = sum.plus(cost(item));
      each = each.or(sizeOrUnknown(item));
    }
    entries.put(expr.id(), new Entries(Range.ONE, each));
    return sum;
  }

  private Range map(CelExpr expr) {
    Range sum = Range.of(30);
    long least = expr.map().entries().isEmpty() ? 0 : Long.MAX_VALUE;
    Entries each = new Entries(new Range(least, 0), new Range(least, 0));
    for (CelExpr.CelMap.Entry entry : expr.map().entries()) {
      sum = sum.plus(cost(entry.key())).plus(cost(entry.value()));
      each = each.or(new Entries(sizeOrUnknown(entry.key()), sizeOrUnknown(entry.value())));
    }
    entries.put(expr.id(), each);
    return sum;
  }

  private Range fold(CelExpr expr) {
    CelExpr.CelComprehension fold = expr.comprehension();
    Range sum = cost(fold.iterRange()).plus(cost(fold.accuInit()));
    push(
        fold.accuVar(),
        new Local(path(fold.accuInit()), size(fold.accuInit()), entries(fold.accuInit())));
    if (isBinding(fold)) {
      sum = sum.plus(cost(fold.result()));
      pop(fold.accuVar());
      copySizes(expr, fold.result());
      return sum;
    }
    pushItems(fold);
    Range turn = cost(fold.loopCondition()).plus(cost(fold.loopStep()));
    pop(fold.iterVar());
    if (!fold.iterVar2().isEmpty()) {
      pop(fold.iterVar2());
    }
    sum = sum.plus(cost(fold.result()));
    pop(fold.accuVar());
    Range turns = sizeOrUnknown(fold.iterRange());
    switch (fold.accuInit().exprKind().getKind()) {
      case CONSTANT -> size(fold.accuInit()).ifPresent(size -> sizes.put(expr.id(), size));
      case LIST, MAP -> {
        sizes.put(expr.id(), turns);
        entries(fold.loopStep()).ifPresent(each -> entries.put(expr.id(), each));
      }
      default -> {}
    }
    return sum.plus(turns.times(turn));
  }

  /** A fold that binds a name and does not turn. */
  private static boolean isBinding(CelExpr.CelComprehension fold) {
    return fold.iterRange().exprKind().getKind() == CelExpr.ExprKind.Kind.LIST
        && fold.iterRange().list().elements().isEmpty()
        && fold.loopCondition().exprKind().getKind() == CelExpr.ExprKind.Kind.CONSTANT;
  }

  private void pushItems(CelExpr.CelComprehension fold) {
    CelExpr range = fold.iterRange();
    boolean list = type(range).kind() == CelKind.LIST;
    Optional<Entries> each = entries(range);
    Local key =
        new Local(
            Place.append(path(range), list ? "@indices" : "@keys"),
            each.map(Entries::key),
            Optional.empty());
    Local value =
        new Local(
            Place.append(path(range), list ? "@items" : "@values"),
            each.map(Entries::value),
            Optional.empty());
    if (fold.iterVar2().isEmpty()) {
      push(fold.iterVar(), list ? value : key);
    } else {
      push(fold.iterVar(), key);
      push(fold.iterVar2(), value);
    }
  }

  private void push(String name, Local local) {
    locals.computeIfAbsent(name, n -> new ArrayDeque<>()).push(local);
  }

  private void pop(String name) {
    locals.getOrDefault(name, new ArrayDeque<>()).pop();
  }

  private Optional<Local> local(String name) {
    return Optional.ofNullable(locals.get(name)).map(Deque::peek);
  }

  private CelType type(CelExpr expr) {
    return ast.getType(expr.id()).orElse(SimpleType.DYN);
  }

  private List<String> path(CelExpr expr) {
    List<String> path = paths.getOrDefault(expr.id(), List.of());
    boolean gathered = !path.isEmpty() && path.getFirst().startsWith("@");
    return gathered ? List.of() : path;
  }

  private void copySizes(CelExpr to, CelExpr from) {
    size(from).ifPresent(size -> sizes.put(to.id(), size));
    entries(from).ifPresent(each -> entries.put(to.id(), each));
  }

  private Range sizeOrUnknown(CelExpr expr) {
    return size(expr).orElse(Range.UNKNOWN);
  }

  private Optional<Range> size(CelExpr expr) {
    return Optional.ofNullable(sizes.get(expr.id()))
        .or(() -> literal(expr))
        .or(() -> Place.declared(path(expr), variables))
        .or(() -> isScalar(type(expr)) ? Optional.of(Range.ONE) : Optional.empty())
        .or(
            () ->
                expr.exprKind().getKind() == CelExpr.ExprKind.Kind.IDENT
                    ? local(expr.ident().name()).flatMap(Local::size)
                    : Optional.empty());
  }

  private static Optional<Range> literal(CelExpr expr) {
    return switch (expr.exprKind().getKind()) {
      case CONSTANT -> Optional.of(Range.of(length(expr.constant())));
      case LIST -> Optional.of(Range.of(expr.list().elements().size()));
      case MAP -> Optional.of(Range.of(expr.map().entries().size()));
      default -> Optional.empty();
    };
  }

  private static long length(CelConstant constant) {
    return switch (constant.getKind()) {
      case STRING_VALUE ->
          constant.stringValue().codePointCount(0, constant.stringValue().length());
      case BYTES_VALUE -> constant.bytesValue().size();
      default -> 1;
    };
  }

  private static boolean isScalar(CelType type) {
    return switch (type.kind()) {
      case BOOL, INT, UINT, DOUBLE, TIMESTAMP, DURATION, TYPE -> true;
      case OPAQUE -> type.name().equals("optional_type") && isScalar(type.parameters().getFirst());
      default -> false;
    };
  }

  private Optional<Entries> entries(CelExpr expr) {
    return Optional.ofNullable(entries.get(expr.id()))
        .or(
            () ->
                expr.exprKind().getKind() == CelExpr.ExprKind.Kind.IDENT
                    ? local(expr.ident().name()).flatMap(Local::entries)
                    : Optional.empty());
  }
}
