package dev.kapell.apiserver.derived;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldTest {
  private static final int TRIES = 10_000;

  private final Held<String, Object> held = new Held<>();

  @Test
  void aValueIsFoundByTheVeryArrayItWasMadeOf() {
    byte[] bytes = {1};
    Object value = new Object();
    held.put(bytes, "record", value);
    assertThat(held.find(bytes, "record")).containsSame(value);
    assertThat(held.find(bytes.clone(), "record")).as("equal bytes").isEmpty();
    assertThat(held.find(bytes, "table")).as("another form").isEmpty();
  }

  @Test
  void whatNobodyHoldsIsForgotten() {
    List<byte[]> arrays = new ArrayList<>();
    Object last = new Object();
    for (int i = 0; i < 100; i++) {
      arrays.add(new byte[] {(byte) i});
      last = new Object();
      held.put(arrays.get(i), "record", last);
    }
    // The collector tells of those that are gone on a thread of its own.
    for (int i = 0; i < TRIES && held.size() > 1; i++) {
      System.gc();
    }
    assertThat(held.size()).isEqualTo(1);
    assertThat(held.find(arrays.get(99), "record")).containsSame(last);
    assertThat(held.find(arrays.get(0), "record")).isEmpty();
  }
}
