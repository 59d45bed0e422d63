package dev.kapell.apiserver.fields;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecurringTest {
  private final Recurring<String, Integer> recurring = new Recurring<>();

  private void use(String key, int value) {
    if (recurring.find(key).isEmpty() && recurring.isAgain(key)) {
      recurring.keep(key, value);
    }
  }

  @Test
  void aKeyIsKeptFromItsSecondTimeOn() {
    use("a", 1);
    assertThat(recurring.find("a")).isEmpty();
    use("a", 2);
    assertThat(recurring.find("a")).contains(2);
  }

  @Test
  void keysThatComeOncePushNothingOut() {
    use("a", 1);
    use("a", 1);
    for (int i = 0; i < 100_000; i++) {
      use("once " + i, i);
    }
    assertThat(recurring.find("a")).contains(1);
  }

  @Test
  void theLeastRecentlyUsedGoesFirst() {
    for (int i = 0; i < 2_000; i++) {
      use("key " + i, i);
      use("key " + i, i);
      assertThat(recurring.find("key 0")).contains(0);
    }
    assertThat(recurring.find("key 1")).isEmpty();
    assertThat(recurring.find("key 1999")).contains(1_999);
  }
}
