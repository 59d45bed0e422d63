package dev.kapell.sim.serve;

import dev.kapell.base.Clock;
import java.time.Duration;
import java.time.Instant;

/** Another clock's time, from its making on so many times as fast. Thread-safe. */
final class SpeedClock implements Clock {
  private final Clock real;
  private final int speed;
  private final Instant origin;
  private final long originNanos;

  SpeedClock(Clock real, int speed) {
    this.real = real;
    this.speed = speed;
    this.origin = real.now();
    this.originNanos = real.nanoTime();
  }

  @Override
  public Instant now() {
    return origin.plusNanos(nanoTime());
  }

  @Override
  public long nanoTime() {
    return (real.nanoTime() - originNanos) * speed;
  }

  @Override
  public void sleep(Duration span) throws InterruptedException {
    real.sleep(span.dividedBy(speed));
  }

  @Override
  public Alarm schedule(Duration delay, Runnable task) {
    return real.schedule(delay.dividedBy(speed), task);
  }
}
