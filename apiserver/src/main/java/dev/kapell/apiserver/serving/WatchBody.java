package dev.kapell.apiserver.serving;

import dev.kapell.api.ProtoOut;
import dev.kapell.apiserver.metrics.RequestMetrics;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.WatchStream;
import dev.kapell.http.Pushed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A watch as a response body: one line of JSON, or one framed message of protobuf, an event. */
final class WatchBody implements Pushed {
  private static final int HEADS_BYTES = 64;
  private static final byte[] ADDED = line("ADDED");
  private static final byte[] MODIFIED = line("MODIFIED");
  private static final byte[] LINE_END = "}\n".getBytes(StandardCharsets.US_ASCII);

  private final Answer.Watching watching;
  private final WatchStream stream;
  private final ObjectWriter objects;
  private final RequestMetrics.Watched metrics;
  private boolean columnsSent;

  WatchBody(Answer.Watching watching, ObjectWriter objects, RequestMetrics.Watched metrics) {
    this.metrics = metrics;
    this.watching = watching;
    this.stream = watching.stream();
    this.objects = objects;
  }

  /** The stream's media type; a 406 for one in which events cannot be told apart. */
  static String mediaType(Form form) {
    return switch (form.encoding()) {
      case PROTOBUF -> MediaType.PROTOBUF + ";stream=watch";
      case JSON -> MediaType.JSON;
      case YAML ->
          throw Failures.notAcceptable(
              List.of(MediaType.JSON + ";stream=watch", MediaType.PROTOBUF + ";stream=watch"));
    };
  }

  @Override
  public void start(Runnable wake) {
    stream.onReady(wake);
  }

  @Override
  public State poll(Sink sink) {
    Optional<WatchStream.Frame> frame = stream.poll();
    if (frame.isEmpty()) {
      return stream.ended() ? State.END : State.IDLE;
    }
    write(frame.get(), sink);
    return State.MORE;
  }

  private void write(WatchStream.Frame frame, Sink sink) {
    byte[] object = objects.write(watching.resource(), frame.object(), !columnsSent);
    columnsSent = true;
    metrics.sent(object.length);
    if (objects.form().encoding() == Form.Encoding.PROTOBUF) {
      byte[] type = frame.type().getBytes(StandardCharsets.US_ASCII);
      ProtoOut out = new ProtoOut(object.length + HEADS_BYTES);
      out.raw(1, type);
      out.message(2, () -> out.raw(1, object));
      byte[] event = out.toBytes();
      sink.write(ByteBuffer.allocate(4).putInt(event.length).array());
      sink.write(event);
    } else {
      sink.write(head(frame.type()));
      sink.write(object);
      sink.write(LINE_END);
    }
  }

  private static byte[] head(String type) {
    return switch (type) {
      case "ADDED" -> ADDED;
      case "MODIFIED" -> MODIFIED;
      default -> line(type);
    };
  }

  private static byte[] line(String type) {
    return ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    stream.close();
  }
}
