package dev.kapell.apiserver.local;

import dev.kapell.api.ApiObject;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.apiserver.request.WatchStream;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Watch;
import dev.kapell.client.WatchClosedException;
import dev.kapell.client.WatchEvent;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Blocks its reader on what the event loop would wait for. */
final class LocalWatch<T extends ApiObject> implements Watch<T> {
  private final ResourceType<T> type;
  private final WatchStream stream;
  private final Decoded decoded;
  private final Semaphore ready = new Semaphore(0);

  LocalWatch(ResourceType<T> type, WatchStream stream, Decoded decoded) {
    this.type = type;
    this.stream = stream;
    this.decoded = decoded;
    stream.onReady(this::wake);
  }

  private void wake() {
    if (ready.availablePermits() == 0) {
      ready.release();
    }
  }

  @Override
  public WatchEvent<T> next() throws InterruptedException {
    while (true) {
      ready.drainPermits();
      Optional<WatchStream.Frame> frame = stream.poll();
      if (frame.isPresent()) {
        return event(frame.get());
      }
      if (stream.ended()) {
        throw new WatchClosedException("the watch of " + type.qualifiedName() + " has ended");
      }
      ready.acquire();
    }
  }

  private WatchEvent<T> event(WatchStream.Frame frame) {
    return switch (frame.type()) {
      case "ADDED" -> new WatchEvent.Added<>(decoded.get(type, frame.object()));
      case "MODIFIED" -> new WatchEvent.Modified<>(decoded.get(type, frame.object()));
      case "DELETED" -> new WatchEvent.Deleted<>(decoded.get(type, frame.object()));
      case "BOOKMARK" ->
          new WatchEvent.Bookmark<>(
              JsonCodec.decode(type.codec(), frame.object()).metadata().resourceVersionOr(""));
      default -> throw new ApiFailure(JsonCodec.decode(Status.CODEC, frame.object()));
    };
  }

  @Override
  public void close() {
    stream.close();
    ready.release();
  }
}
