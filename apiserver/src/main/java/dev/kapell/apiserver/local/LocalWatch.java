package dev.kapell.apiserver.local;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.json.JsonCodec;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.apiserver.request.WatchStream;
import dev.kapell.apiserver.request.WatchStream.Frame;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Watch;
import dev.kapell.client.WatchClosedException;
import dev.kapell.client.WatchEvent;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** A watch whose reader sleeps on a semaphore that the stream's callback releases. One thread reads, any may close. */
final class LocalWatch<T extends ApiObject> implements Watch<T> {
  private final Codec<T> codec;
  private final WatchStream stream;
  private final Semaphore ready = new Semaphore(0);
  private volatile boolean closed;

  LocalWatch(Codec<T> codec, WatchStream stream) {
    this.codec = codec;
    this.stream = stream;
    stream.onReady(ready::release);
  }

  @Override
  public WatchEvent<T> next() throws InterruptedException {
    while (true) {
      if (closed) {
        throw new WatchClosedException("the watch was closed");
      }
      Optional<Frame> frame = stream.poll();
      if (frame.isPresent()) {
        return event(frame.get());
      }
      if (stream.ended()) {
        throw new WatchClosedException("the watch has run its time");
      }
      ready.acquire();
      ready.drainPermits();
    }
  }

  private WatchEvent<T> event(Frame frame) {
    if (frame.type().equals("ERROR")) {
      throw new ApiFailure(JsonCodec.decode(Status.CODEC, frame.object()));
    }
    T object = JsonCodec.decode(codec, frame.object());
    return switch (frame.type()) {
      case "ADDED" -> new WatchEvent.Added<>(object);
      case "MODIFIED" -> new WatchEvent.Modified<>(object);
      case "DELETED" -> new WatchEvent.Deleted<>(object);
      default -> new WatchEvent.Bookmark<>(object.metadata().resourceVersionOr(""));
    };
  }

  @Override
  public void close() {
    closed = true;
    ready.release();
    stream.close();
  }
}
