package dev.kapell.apiserver.request;

import java.util.Optional;

/**
 * A running watch. One thread at a time polls; {@link #onReady} and {@link #close} may come from
 * any.
 */
public interface WatchStream extends AutoCloseable {

  /**
   * One line of the stream.
   *
   * @param type {@code ADDED}, {@code MODIFIED}, {@code DELETED}, {@code BOOKMARK} or {@code ERROR}
   * @param object JSON; of an {@code ERROR} a {@code Status}, after which the stream has ended
   */
  record Frame(String type, byte[] object) {
    /** Whether it only tells a revision. */
    public boolean isBookmark() {
      return type.equals("BOOKMARK");
    }
  }

  /** The next frame, or empty when there is none now. Never blocks. */
  Optional<Frame> poll();

  /** No frame will come any more; what is to be said has been polled. */
  boolean ended();

  /**
   * Sets who is told that {@link #poll} or {@link #ended} may have changed after a poll returned
   * nothing. Called at once when something is there already. {@code ready} must not block; it may
   * run on any thread, also once too often.
   */
  void onReady(Runnable ready);

  @Override
  void close();
}
