package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What the server does by itself a moment after a request. */
final class StoreChanges {
  private static final int LOOKS = 50;
  private static final int LOOK_MILLIS = 200;

  private StoreChanges() {}

  /** Looks again at every change of {@code resource} until {@code condition} holds. */
  static void await(Api api, String resource, String what, BooleanSupplier condition) {
    Semaphore changed = new Semaphore(0);
    try (var cursor =
        api.store.watch(resource, "", api.store.snapshot().revision(), changed::release)) {
      for (int i = 0; i < LOOKS && !condition.getAsBoolean(); i++) {
        cursor.poll(100);
        changed.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    assertThat(condition.getAsBoolean()).as(what).isTrue();
  }
}
