package dev.kapell.cel.plan;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeType;
import dev.kapell.cel.cost.CallCosts;
import dev.kapell.cel.function.Function;
import dev.kapell.cel.function.Functions;
import dev.kapell.cel.plan.Construct.Part;
import dev.kapell.cel.type.FieldNames;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.Null;
import dev.kapell.cel.value.TypeName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes nodes of one checked expression. Used once, by one thread. */
public final class Planner {
  private static final double REGEX = 0.25;

  private final CelAbstractSyntaxTree ast;
  private final Functions functions;
  private final Map<String, Deque<Integer>> locals = new HashMap<>();
  private final Set<Integer> gathering = new HashSet<>();
  private final Set<String> variables = new HashSet<>();
  private final List<String> problems = new ArrayList<>();
  private int slots;

  /** For one expression. */
  public Planner(CelAbstractSyntaxTree ast, Functions functions) {
    this.ast = ast;
    this.functions = functions;
  }

  /** The whole expression. */
  public Node plan() {
    return plan(ast.getExpr());
  }

  /** How many local variables it has; known after {@link #plan()}. */
  public int slots() {
    return slots;
  }

  /** The variables it reads; known after {@link #plan()}. */
  public Set<String> variables() {
    return Set.copyOf(variables);
  }

  /** Literals that can not be, such as a broken regular expression. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  private Node plan(CelExpr expr) {
    return switch (expr.exprKind().getKind()) {
      case CONSTANT -> new Constant(constant(expr.constant()));
      case IDENT -> ident(expr);
      case SELECT -> select(expr.select());
      case CALL -> call(expr.call());
      case LIST -> list(expr.list());
      case MAP -> map(expr.map());
      case STRUCT -> struct(expr.struct());
      case COMPREHENSION -> fold(expr.comprehension());
      case NOT_SET -> throw new IllegalStateException("an expression without content");
    };
  }

  @SuppressWarnings("deprecation") // the syntax tree can still hold times
  private static Object constant(CelConstant constant) {
    return switch (constant.getKind()) {
      case NULL_VALUE -> Null.VALUE;
      case BOOLEAN_VALUE -> constant.booleanValue();
      case INT64_VALUE -> constant.int64Value();
      case UINT64_VALUE -> constant.uint64Value();
      case DOUBLE_VALUE -> constant.doubleValue();
      case STRING_VALUE -> constant.stringValue();
      case BYTES_VALUE -> constant.bytesValue();
      case NOT_SET, TIMESTAMP_VALUE, DURATION_VALUE ->
          throw new IllegalStateException("no literal is written so: " + constant);
    };
  }

  private CelType type(CelExpr expr) {
    return ast.getType(expr.id()).orElse(SimpleType.DYN);
  }

  private Node ident(CelExpr expr) {
    String name = expr.ident().name();
    Deque<Integer> local = locals.get(name);
    if (local != null && !local.isEmpty()) {
      return new Access.Local(local.peek());
    }
    String full = ast.getReference(expr.id()).map(ref -> ref.name()).orElse(name);
    if (type(expr) instanceof TypeType named && !variables.contains(full)) {
      return new Constant(new TypeName(named.containingTypeName()), 1);
    }
    variables.add(full);
    return new Access.Variable(full);
  }

  private Node select(CelExpr.CelSelect select) {
    boolean object = type(select.operand()).kind() == CelKind.STRUCT;
    String field = object ? FieldNames.unescape(select.field()) : select.field();
    Node operand = plan(select.operand());
    return select.testOnly() ? new Access.Has(operand, field) : new Access.Select(operand, field);
  }

  private Node call(CelExpr.CelCall call) {
    List<CelExpr> exprs = new ArrayList<>();
    call.target().ifPresent(exprs::add);
    exprs.addAll(call.args());
    return switch (call.function()) {
      case "_&&_" -> new Logic.Junction(plan(exprs.get(0)), plan(exprs.get(1)), false);
      case "_||_" -> new Logic.Junction(plan(exprs.get(0)), plan(exprs.get(1)), true);
      case "_?_:_" ->
          new Logic.Conditional(plan(exprs.get(0)), plan(exprs.get(1)), plan(exprs.get(2)));
      case "@not_strictly_false", "__not_strictly_false__" ->
          new Logic.NotStrictlyFalse(plan(exprs.getFirst()));
      case "or" -> new Logic.Otherwise(plan(exprs.get(0)), plan(exprs.get(1)), false);
      case "orValue" -> new Logic.Otherwise(plan(exprs.get(0)), plan(exprs.get(1)), true);
      case "_?._" -> optionalSelect(exprs);
      default -> plain(call.function(), exprs);
    };
  }

  private Node optionalSelect(List<CelExpr> exprs) {
    boolean object = type(exprs.getFirst()).kind() == CelKind.STRUCT;
    String field = exprs.get(1).constant().stringValue();
    return new Access.OptionalSelect(
        plan(exprs.getFirst()), object ? FieldNames.unescape(field) : field);
  }

  private Node plain(String function, List<CelExpr> exprs) {
    List<Node> args = exprs.stream().map(this::plan).toList();
    List<CelType> types = exprs.stream().map(this::type).toList();
    List<Function> rows =
        functions.find(function, args.size()).stream()
            .filter(row -> row.signature().canAccept(types))
            .toList();
    Call call = new Call(function, rows, args);
    if (function.equals("matches") && args.get(1) instanceof Constant(String pattern, long c)) {
      return matches(call, pattern);
    }
    boolean constant = !args.isEmpty() && args.stream().allMatch(Constant.class::isInstance);
    if (constant) {
      return folded(call);
    }
    return growing(call).orElse(call);
  }

  private Node matches(Call call, String pattern) {
    try {
      long unit = (long) Math.ceil(pattern.codePointCount(0, pattern.length()) * REGEX);
      return new Matches(call.args().getFirst(), Pattern.compile(pattern), unit);
    } catch (PatternSyntaxException e) {
      problems.add("invalid matches argument: error parsing regexp: " + e.getMessage());
      return call;
    }
  }

  /** The value of a call that depends on nothing. */
  private Node folded(Call call) {
    Object[] values = call.args().stream().map(arg -> ((Constant) arg).value()).toArray();
    long cost = call.args().stream().mapToLong(arg -> ((Constant) arg).cost()).sum();
    for (Function row : call.rows()) {
      if (row.signature().accepts(values)) {
        try {
          Object result = row.body().call(values);
          return new Constant(
              result, cost + CallCosts.of(call.name(), row.signature(), values, result));
        } catch (CelError error) {
          if (call.name().equals("duration") || call.name().equals("timestamp")) {
            problems.add("invalid " + call.name() + " argument");
          }
          return call;
        }
      }
    }
    return call;
  }

  /** Adding to what a fold gathers, which may be done in place. */
  private Optional<Node> growing(Call call) {
    if (!call.args().isEmpty()
        && call.args().getFirst() instanceof Access.Local local
        && gathering.contains(local.slot())) {
      if (call.name().equals("_+_")
          && call.args().get(1) instanceof Construct.Items items
          && items.parts().size() == 1
          && !items.parts().getFirst().optional()) {
        return Optional.of(new Fold.Append(local.slot(), items.parts().getFirst().node(), call));
      }
      if (call.name().equals("cel.@mapInsert") && call.args().size() == 3) {
        return Optional.of(
            new Fold.Insert(local.slot(), call.args().get(1), call.args().get(2), call));
      }
    }
    return Optional.empty();
  }

  private Node list(CelExpr.CelList list) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < list.elements().size(); i++) {
      parts.add(new Part(plan(list.elements().get(i)), list.optionalIndices().contains(i)));
    }
    boolean constant =
        parts.stream().allMatch(part -> part.node() instanceof Constant && !part.optional());
    if (!constant) {
      return new Construct.Items(parts);
    }
    List<Object> values = new ArrayList<>();
    long cost = Construct.LIST_COST;
    for (Part part : parts) {
      if (part.node() instanceof Constant known) {
        values.add(known.value());
        cost += known.cost();
      }
    }
    return new Constant(List.copyOf(values), cost);
  }

  private Node map(CelExpr.CelMap map) {
    List<Node> keys = new ArrayList<>();
    List<Part> values = new ArrayList<>();
    for (CelExpr.CelMap.Entry entry : map.entries()) {
      keys.add(plan(entry.key()));
      values.add(new Part(plan(entry.value()), entry.optionalEntry()));
    }
    return new Construct.Entries(keys, values);
  }

  private Node struct(CelExpr.CelStruct struct) {
    List<String> fields = new ArrayList<>();
    List<Part> values = new ArrayList<>();
    for (CelExpr.CelStruct.Entry entry : struct.entries()) {
      fields.add(FieldNames.unescape(entry.fieldKey()));
      values.add(new Part(plan(entry.value()), entry.optionalEntry()));
    }
    return new Construct.Struct(struct.messageName(), fields, values);
  }

  private Node fold(CelExpr.CelComprehension fold) {
    Node range = plan(fold.iterRange());
    Node init = plan(fold.accuInit());
    boolean emptyList = init instanceof Constant(List<?> items, long c) && items.isEmpty();
    boolean emptyMap = init instanceof Construct.Entries entries && entries.keys().isEmpty();
    int gathered = push(fold.accuVar());
    if (emptyList || emptyMap) {
      init = new Fold.Empty(emptyMap);
      gathering.add(gathered);
    }
    int first = push(fold.iterVar());
    boolean two = !fold.iterVar2().isEmpty();
    int second = two ? push(fold.iterVar2()) : -1;
    Node goesOn = plan(fold.loopCondition());
    Node step = plan(fold.loopStep());
    pop(fold.iterVar());
    if (two) {
      pop(fold.iterVar2());
    }
    Node result = plan(fold.result());
    pop(fold.accuVar());
    return new Fold(range, first, second, gathered, init, goesOn, step, result);
  }

  private int push(String name) {
    locals.computeIfAbsent(name, n -> new ArrayDeque<>()).push(slots);
    return slots++;
  }

  private void pop(String name) {
    locals.getOrDefault(name, new ArrayDeque<>()).pop();
  }
}
