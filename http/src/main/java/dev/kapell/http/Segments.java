package dev.kapell.http;

import java.util.List;

/** A body that is here, sent piece by piece as the client takes it. */
final class Segments implements Pushed {
  private final List<byte[]> segments;
  private int next;

  Segments(List<byte[]> segments) {
    this.segments = segments;
  }

  static long size(List<byte[]> segments) {
    long size = 0;
    for (byte[] segment : segments) {
      size += segment.length;
    }
    return size;
  }

  @Override
  public void start(Runnable wake) {}

  @Override
  public State poll(Sink sink) {
    int bytes = 0;
    while (next < segments.size() && bytes < 16 << 10) {
      byte[] segment = segments.get(next++);
      sink.write(segment);
      bytes += segment.length;
    }
    return next < segments.size() ? State.MORE : State.END;
  }

  @Override
  public void close() {}
}
