package dev.kapell.apiserver.registry;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.apiserver.request.WatchStream;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * A watch whose frames take their time, because somebody outside converts them: a thread of its own
 * polls the watch behind and keeps some frames ready for the poller, who never waits.
 */
final class PumpedWatch implements WatchStream {
  private static final int READY = 64;

  private final WatchStream behind;
  private final BlockingQueue<Frame> frames = new ArrayBlockingQueue<>(READY);
  private final Semaphore changed = new Semaphore(0);
  private final Thread pump;
  private volatile Runnable ready = () -> {};
  private volatile boolean ended;

  /** Pumps in {@code scope} until closed. */
  PumpedWatch(WatchStream behind, TaskScope scope) {
    this.behind = behind;
    this.pump = scope.start("watch", this::pump);
  }

  private void pump() {
    behind.onReady(changed::release);
    try {
      while (!behind.ended()) {
        Optional<Frame> frame = next();
        if (frame.isPresent()) {
          hand(frame.get());
        } else if (!behind.ended()) {
          changed.acquire();
          changed.drainPermits();
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } finally {
      ended = true;
      ready.run();
    }
  }

  /** A frame that cannot be converted is the last one. */
  private Optional<Frame> next() {
    try {
      return behind.poll();
    } catch (ApiFailure e) {
      behind.close();
      return Optional.of(new Frame("ERROR", JsonCodec.encode(Status.CODEC, e.status())));
    }
  }

  private void hand(Frame frame) throws InterruptedException {
    frames.put(frame);
    ready.run();
  }

  @Override
  public Optional<Frame> poll() {
    return Optional.ofNullable(frames.poll());
  }

  @Override
  public boolean ended() {
    return ended && frames.isEmpty();
  }

  @Override
  public void onReady(Runnable callback) {
    ready = callback;
    callback.run();
  }

  @Override
  public void close() {
    behind.close();
    pump.interrupt();
  }
}
