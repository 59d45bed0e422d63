package dev.kapell.cel.plan;

import dev.kapell.cel.value.CostExceeded;
import dev.kapell.cel.value.Null;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/** One evaluation: its variables, and what it has cost so far. Belongs to one thread. */
public final class Frame {
  private final Function<String, Optional<Object>> variables;
  private final Object[] locals;
  private final long limit;
  private long cost;

  /**
   * A fresh one.
   *
   * @param variables by name
   * @param slots how many local variables the expression has
   * @param limit what it may cost
   */
  public Frame(Function<String, Optional<Object>> variables, int slots, long limit) {
    this.variables = variables;
    this.locals = new Object[slots];
    Arrays.fill(locals, Null.VALUE);
    this.limit = limit;
  }

  /** What has been spent. */
  public long cost() {
    return cost;
  }

  void charge(long units) {
    cost += units;
    if (cost > limit || cost < 0) {
      throw new CostExceeded();
    }
  }

  Optional<Object> variable(String name) {
    return variables.apply(name);
  }

  Object local(int slot) {
    return locals[slot];
  }

  void setLocal(int slot, Object value) {
    locals[slot] = value;
  }
}
