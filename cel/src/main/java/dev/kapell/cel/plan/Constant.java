package dev.kapell.cel.plan;

/**
 * A value that is known beforehand.
 *
 * @param value the value
 * @param cost what finding it costs by the rules, though it is found already
 */
record Constant(Object value, long cost) implements Node {
  Constant(Object value) {
    this(value, 0);
  }

  @Override
  public Object eval(Frame frame) {
    if (cost > 0) {
      frame.charge(cost);
    }
    return value;
  }
}
