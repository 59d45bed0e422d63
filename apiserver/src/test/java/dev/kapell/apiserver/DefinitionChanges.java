package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What follows a change of a definition a moment later. */
final class DefinitionChanges {
  private DefinitionChanges() {}

  /** Waits, as long as definitions have changes to tell, until {@code condition} holds. */
  static void await(Api api, BooleanSupplier condition) throws InterruptedException {
    await(api, "what follows the change", condition);
  }

  /** The same, for a failure that names {@code what}. */
  static void await(Api api, String what, BooleanSupplier condition) throws InterruptedException {
    Semaphore changed = new Semaphore(0);
    try (var cursor =
        api.store.watch(
            "apiextensions.k8s.io/customresourcedefinitions",
            "",
            api.store.snapshot().revision(),
            changed::release)) {
      for (int i = 0; i < 50 && !condition.getAsBoolean(); i++) {
        cursor.poll(100);
        changed.tryAcquire(200, TimeUnit.MILLISECONDS);
      }
    }
    assertThat(condition.getAsBoolean()).as(what).isTrue();
  }
}
