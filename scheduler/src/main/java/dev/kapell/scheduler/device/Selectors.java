package dev.kapell.scheduler.device;

import dev.kapell.api.resource.v1.CELDeviceSelector;
import dev.kapell.api.resource.v1.DeviceSelector;
import dev.kapell.cel.CompileException;
import dev.kapell.cel.device.DeviceExpression;
import dev.kapell.cel.value.CelError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Compiled selectors, and what they say of devices: compiling takes milliseconds, and the same
 * question is asked for every pod and node. A bounded number of expressions is remembered, the
 * answers for as long as the devices are on offer. The scheduler's thread's.
 */
final class Selectors {
  private static final int KEPT = 256;

  private final Map<String, Selector> compiled =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Selector> eldest) {
          return size() > KEPT;
        }
      };

  /** An expression, with its answers so far. */
  static final class Selector {
    private final DeviceExpression expression;
    private final Map<Offer, Boolean> answers = new WeakHashMap<>();

    private Selector(DeviceExpression expression) {
      this.expression = expression;
    }

    /**
     * Whether the device is meant.
     *
     * @throws CelError when there is no answer
     */
    boolean matches(Offer offer) {
      Boolean known = answers.get(offer);
      if (known == null) {
        known = expression.matches(offer.id().driver(), offer.device());
        answers.put(offer, known);
      }
      return known;
    }
  }

  /**
   * Compiles what is not yet.
   *
   * @throws CompileException for the first that is no expression
   */
  List<Selector> of(List<DeviceSelector> selectors) throws CompileException {
    List<Selector> all = new ArrayList<>();
    for (DeviceSelector selector : selectors) {
      String text = selector.celOr(CELDeviceSelector.EMPTY).expressionOr("");
      Selector known = compiled.get(text);
      if (known == null) {
        known = new Selector(DeviceExpression.compile(text));
        compiled.put(text, known);
      }
      all.add(known);
    }
    return all;
  }
}
