package dev.kapell.cel.plan;

import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.Values;
import java.util.Optional;

/** What does not evaluate all of its operands. */
final class Logic {
  private Logic() {}

  private static boolean truth(Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw CelError.noSuchOverload();
  }

  /**
   * {@code &&} and {@code ||}: one side that decides is enough, whatever becomes of the other.
   *
   * @param deciding false for and, true for or
   */
  record Junction(Node left, Node right, boolean deciding) implements Node {
    @Override
    public Object eval(Frame frame) {
      CelError failure;
      try {
        if (truth(left.eval(frame)) == deciding) {
          return deciding;
        }
        return truth(right.eval(frame));
      } catch (CelError error) {
        failure = error;
      }
      if (truth(right.eval(frame)) == deciding) {
        return deciding;
      }
      throw failure;
    }
  }

  /** {@code a ? b : c}. */
  record Conditional(Node condition, Node yes, Node no) implements Node {
    @Override
    public Object eval(Frame frame) {
      return truth(condition.eval(frame)) ? yes.eval(frame) : no.eval(frame);
    }
  }

  /** Goes on unless the operand is plainly false: errors may yet be swallowed. */
  record NotStrictlyFalse(Node operand) implements Node {
    @Override
    public Object eval(Frame frame) {
      try {
        return !Boolean.FALSE.equals(operand.eval(frame));
      } catch (CelError error) {
        return true;
      }
    }
  }

  /** {@code a.or(b)} and {@code a.orValue(b)}. */
  record Otherwise(Node operand, Node other, boolean unwrap) implements Node {
    @Override
    public Object eval(Frame frame) {
      if (!(operand.eval(frame) instanceof Optional<?> optional)) {
        throw CelError.noSuchOverload();
      }
      if (optional.isEmpty()) {
        return other.eval(frame);
      }
      return unwrap ? Values.of(optional.get()) : optional;
    }
  }
}
