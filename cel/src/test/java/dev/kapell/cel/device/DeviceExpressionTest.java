package dev.kapell.cel.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.resource.Quantity;
import dev.kapell.api.resource.v1.Device;
import dev.kapell.api.resource.v1.DeviceAttribute;
import dev.kapell.api.resource.v1.DeviceCapacity;
import dev.kapell.cel.CompileException;
import dev.kapell.cel.value.CelError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceExpressionTest {
  private static final String DRIVER = "gpu.example.com";
  private static final Device GPU =
      Device.builder()
          .name("gpu-0")
          .attributes(
              Map.of(
                  "model", DeviceAttribute.builder().string("a100").build(),
                  "index", DeviceAttribute.builder().int_(3L).build(),
                  "shared", DeviceAttribute.builder().bool(false).build(),
                  "driverVersion", DeviceAttribute.builder().version("1.10.0").build(),
                  "modes", DeviceAttribute.builder().strings(List.of("a", "b")).build(),
                  "other.example.com/numa", DeviceAttribute.builder().int_(1L).build()))
          .capacity(
              Map.of("memory", DeviceCapacity.builder().value(Quantity.parse("40Gi")).build()))
          .build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "device.driver == 'gpu.example.com'",
        "device.attributes['gpu.example.com'].model == 'a100'",
        "device.attributes['gpu.example.com'].index > 2",
        "!device.attributes['gpu.example.com'].shared",
        "device.attributes['gpu.example.com'].driverVersion.isGreaterThan(semver('1.9.0'))",
        "device.attributes['other.example.com'].numa == 1",
        "device.capacity['gpu.example.com'].memory.compareTo(quantity('40Gi')) == 0",
        "device.capacity['gpu.example.com'].memory.isLessThan(quantity('41Gi'))",
        "'b' in device.attributes['gpu.example.com'].modes",
        "!('x' in device.attributes['unknown.example.com'])",
        "!has(device.attributes['gpu.example.com'].x)",
        "device.attributes['unknown.example.com'].?x.orValue('none') == 'none'",
        "!('unknown.example.com' in device.attributes)",
        "!device.allowMultipleAllocations",
        "cel.bind(gpu, device.attributes['gpu.example.com'], gpu.model == 'a100' && gpu.index == 3)",
      })
  void matches(String expression) throws CompileException {
    assertThat(DeviceExpression.compile(expression).matches(DRIVER, GPU)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"device.driver == 'other'", "device.attributes['gpu.example.com'].index == 0"})
  void doesNotMatch(String expression) throws CompileException {
    assertThat(DeviceExpression.compile(expression).matches(DRIVER, GPU)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"device.name == 'x'", "device.driver", "device.driver ==", "request.x"})
  void isNoSelector(String expression) {
    assertThatThrownBy(() -> DeviceExpression.compile(expression))
        .isInstanceOf(CompileException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "device.attributes['unknown.example.com'].model == 'x'",
        "device.attributes['gpu.example.com'].nothing",
        "device.attributes['gpu.example.com'].model",
      })
  void comesToNoAnswer(String expression) throws CompileException {
    DeviceExpression expressed = DeviceExpression.compile(expression);
    assertThatThrownBy(() -> expressed.matches(DRIVER, GPU)).isInstanceOf(CelError.class);
  }
}
