package dev.kapell.cel.plan;

import dev.kapell.cel.cost.CallCosts;
import dev.kapell.cel.function.Function;
import dev.kapell.cel.value.CelError;
import java.util.List;

/**
 * A call: the first row that takes the values.
 *
 * @param name of the function
 * @param rows that can take values of the static types
 * @param args the receiver first
 */
record Call(String name, List<Function> rows, List<Node> args) implements Node {
  @Override
  public Object eval(Frame frame) {
    Object[] values = new Object[args.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = args.get(i).eval(frame);
    }
    for (Function row : rows) {
      if (row.signature().accepts(values)) {
        Object result = row.body().call(values);
        frame.charge(CallCosts.of(name, row.signature(), values, result));
        return result;
      }
    }
    throw CelError.noSuchOverload();
  }
}
