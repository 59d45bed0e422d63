package dev.kapell.cel.device;

import dev.kapell.api.resource.v1.Device;
import dev.kapell.cel.Budget;
import dev.kapell.cel.CompileException;
import dev.kapell.cel.Environment;
import dev.kapell.cel.Program;
import dev.kapell.cel.type.ValueType;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.CostExceeded;
import dev.kapell.cel.value.Values;
import java.util.Map;
import java.util.Optional;

/** A compiled expression about a device, for instance {@code device.driver == "x"}. Immutable. */
public final class DeviceExpression {
  private static final class Shared {
    static final Environment ENVIRONMENT =
        Environment.builder().variable("device", device()).build();
  }

  private final Program program;

  private DeviceExpression(Program program) {
    this.program = program;
  }

  private static ValueType device() {
    return ValueType.object(
        "kubernetes.DRADevice",
        Map.of(
            "driver",
            ValueType.STRING,
            "allowMultipleAllocations",
            ValueType.BOOL,
            "attributes",
            ValueType.map(ValueType.map(ValueType.DYN)),
            "capacity",
            ValueType.map(ValueType.map(ValueType.DYN))));
  }

  /**
   * Compiles {@code expression}; takes milliseconds, the first time some ten of them.
   *
   * @throws CompileException when it is none, or gives something else than true or false
   */
  public static DeviceExpression compile(String expression) throws CompileException {
    // What an attribute holds is known when it is read.
    return new DeviceExpression(Shared.ENVIRONMENT.compile(expression, "bool", "dyn"));
  }

  /**
   * Whether {@code driver}'s device is one of those meant.
   *
   * @throws CelError when the expression comes to no answer, for instance because of an attribute
   *     that the device does not have
   */
  public boolean matches(String driver, Device device) {
    Object values = DeviceValues.of(driver, device);
    try {
      Object answer =
          program.eval(
              name -> name.equals("device") ? Optional.of(values) : Optional.empty(),
              Budget.of(Budget.ONE_CALL));
      if (answer instanceof Boolean matches) {
        return matches;
      }
      throw new CelError("must evaluate to bool, not " + Values.typeName(answer));
    } catch (CostExceeded e) {
      throw new CelError("actual cost limit exceeded");
    }
  }
}
