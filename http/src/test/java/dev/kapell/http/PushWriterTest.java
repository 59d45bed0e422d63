package dev.kapell.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PushWriterTest {
  private static final int FRAME = 16_384;

  private final EmbeddedChannel channel = new EmbeddedChannel();

  private static List<byte[]> pieces(int... sizes) {
    Random random = new Random(7);
    List<byte[]> pieces = new ArrayList<>();
    for (int size : sizes) {
      byte[] piece = new byte[size];
      random.nextBytes(piece);
      pieces.add(piece);
    }
    return pieces;
  }

  /** The buffers that {@code pieces} go out in. */
  private List<byte[]> sent(List<byte[]> pieces) {
    AtomicBoolean ended = new AtomicBoolean();
    PushWriter writer = new PushWriter(channel, new Segments(pieces), () -> ended.set(true));
    writer.start();
    List<byte[]> sent = new ArrayList<>();
    boolean last = false;
    while (!last) {
      HttpContent content = channel.readOutbound();
      if (content == null) {
        writer.pump(); // the channel takes more
        continue;
      }
      ByteBuf buffer = content.content();
      byte[] bytes = new byte[buffer.readableBytes()];
      buffer.readBytes(bytes);
      if (bytes.length > 0) {
        sent.add(bytes);
      }
      last = content instanceof LastHttpContent;
      content.release();
    }
    channel.runPendingTasks();
    assertThat(ended).isTrue();
    return sent;
  }

  private static byte[] whole(List<byte[]> pieces) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    pieces.forEach(whole::writeBytes);
    return whole.toByteArray();
  }

  @Test
  void smallPiecesGoOutInBuffersThatFillFrames() {
    List<byte[]> pieces = pieces(IntStream.generate(() -> 3_300).limit(100).toArray());
    List<byte[]> sent = sent(pieces);
    assertThat(Arrays.equals(whole(sent), whole(pieces))).isTrue();
    List<Integer> sizes = sent.stream().map(each -> each.length).toList();
    assertThat(sizes.subList(0, sizes.size() - 1)).containsOnly(FRAME);
  }

  @Test
  void piecesOfAnySizeGoOutWholeAndInOrder() {
    List<byte[]> pieces = pieces(1, FRAME - 1, 2, FRAME, 5_000, 70_000, FRAME + 1, 3, 200_000, 9);
    assertThat(Arrays.equals(whole(sent(pieces)), whole(pieces))).isTrue();
  }
}
