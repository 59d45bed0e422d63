package dev.kapell.cel.plan;

import com.google.re2j.Pattern;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.Values;

/**
 * {@code text.matches('…')} with a pattern that is known beforehand.
 *
 * @param pattern compiled once
 * @param unit the cost for each unit of text
 */
record Matches(Node operand, Pattern pattern, long unit) implements Node {
  private static final double TRAVERSAL = 0.1;

  @Override
  public Object eval(Frame frame) {
    if (!(operand.eval(frame) instanceof String text)) {
      throw CelError.noSuchOverload();
    }
    frame.charge((long) Math.ceil((1 + Values.size(text)) * TRAVERSAL) * unit);
    return pattern.matcher(text).find();
  }
}
