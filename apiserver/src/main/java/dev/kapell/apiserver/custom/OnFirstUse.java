package dev.kapell.apiserver.custom;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** A value that is made when it is first asked for, once. Thread-safe. */
final class OnFirstUse<T> implements Supplier<T> {
  private final ReentrantLock making = new ReentrantLock();
  private final Supplier<T> maker;
  private volatile Optional<T> made = Optional.empty();

  OnFirstUse(Supplier<T> maker) {
    this.maker = maker;
  }

  @Override
  public T get() {
    Optional<T> there = made;
    if (there.isPresent()) {
      return there.get();
    }
    making.lock();
    try {
      T value = made.orElseGet(maker);
      made = Optional.of(value);
      return value;
    } finally {
      making.unlock();
    }
  }
}
