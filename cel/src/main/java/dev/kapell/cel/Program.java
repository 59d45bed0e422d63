package dev.kapell.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.kapell.cel.cost.Estimator;
import dev.kapell.cel.cost.Range;
import dev.kapell.cel.plan.Frame;
import dev.kapell.cel.plan.Node;
import dev.kapell.cel.plan.Planner;
import dev.kapell.cel.type.ValueType;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.CostExceeded;
import java.util.Map;
import java.util.Set;

/** A compiled expression. Immutable, thread-safe. */
public final class Program {
  private final String source;
  private final String resultType;
  private final Node node;
  private final int slots;
  private final Set<String> variables;
  private final Range estimate;

  Program(String source, CelAbstractSyntaxTree ast, Planner planner, Map<String, ValueType> types) {
    this.source = source;
    this.resultType = ast.getResultType().name();
    this.node = planner.plan();
    this.slots = planner.slots();
    this.variables = planner.variables();
    this.estimate = Estimator.estimate(ast, types);
  }

  /** As it was written. */
  public String source() {
    return source;
  }

  /** The type of its values, for instance {@code bool}. */
  public String resultType() {
    return resultType;
  }

  /** Whether it reads a variable. */
  public boolean reads(String variable) {
    return variables.contains(variable);
  }

  /** What it costs at most, as far as sizes are known; {@link Long#MAX_VALUE} when they are not. */
  public long maxCost() {
    return estimate.max();
  }

  /**
   * Its value.
   *
   * @param budget pays; when it is overdrawn, {@link Budget#isSpent} says so afterwards
   * @throws CelError when it has none
   * @throws CostExceeded when it alone costs more than {@link Budget#ONE_CALL}
   */
  public Object eval(Variables given, Budget budget) {
    Frame frame = new Frame(given::find, slots, Budget.ONE_CALL);
    try {
      return node.eval(frame);
    } catch (StackOverflowError e) {
      throw new CelError("expression nested too deeply");
    } finally {
      budget.spend(frame.cost());
    }
  }
}
