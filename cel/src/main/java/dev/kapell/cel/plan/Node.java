package dev.kapell.cel.plan;

/** Part of an expression that comes to a value. */
public interface Node {
  /**
   * The value.
   *
   * @throws dev.kapell.cel.value.CelError when it comes to none
   * @throws dev.kapell.cel.value.CostExceeded when it takes too long
   */
  Object eval(Frame frame);
}
