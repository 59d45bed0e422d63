package dev.kapell.http;

import java.util.Arrays;
import java.util.List;

/** A body that is here, sent piece by piece as the client takes it. */
final class Segments implements Pushed {
  /** More in one piece would not show how far a slow client has come. */
  static final int PIECE_BYTES = 64 << 10;

  private final List<byte[]> segments;
  private int next;
  private int taken;

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
      byte[] piece = piece(segments.get(next));
      sink.write(piece);
      bytes += piece.length;
    }
    return next < segments.size() ? State.MORE : State.END;
  }

  private byte[] piece(byte[] segment) {
    int from = taken;
    if (segment.length - from <= PIECE_BYTES) {
      taken = 0;
      next++;
      return from == 0 ? segment : Arrays.copyOfRange(segment, from, segment.length);
    }
    taken += PIECE_BYTES;
    return Arrays.copyOfRange(segment, from, taken);
  }

  @Override
  public void close() {}
}
