package dev.kapell.node.probe;

import dev.kapell.host.runtime.RawMessage;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * {@code grpc.health.v1.Health/Check}. Its two messages have one field each, so they are written
 * here by hand: the request a text, the answer an enumeration in which 1 is SERVING.
 */
final class GrpcHealth {
  private static final int FIELD_1_TEXT = 0x0A;
  private static final int FIELD_1_NUMBER = 0x08;
  private static final int SERVING = 1;

  private GrpcHealth() {}

  static Answer check(String host, int port, String service, Duration limit)
      throws InterruptedException {
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.newBuilder(RawMessage.BYTES, RawMessage.BYTES)
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("grpc.health.v1.Health/Check")
            .build();
    ManagedChannel channel = NettyChannelBuilder.forAddress(host, port).usePlaintext().build();
    try {
      CallOptions options =
          CallOptions.DEFAULT.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
      byte[] answer = ClientCalls.blockingUnaryCall(channel, method, options, request(service));
      boolean serving = answer.length >= 2 && answer[0] == FIELD_1_NUMBER && answer[1] == SERVING;
      return serving
          ? Answer.GOOD
          : Answer.bad("service unhealthy (responded with another status than SERVING)");
    } catch (StatusRuntimeException e) {
      return Answer.bad("gRPC health check of " + host + ":" + port + ": " + e.getStatus());
    } finally {
      channel.shutdownNow();
    }
  }

  private static byte[] request(String service) {
    byte[] name = service.getBytes(StandardCharsets.UTF_8);
    if (name.length == 0) {
      return name;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(FIELD_1_TEXT);
    int left = name.length;
    for (; left > 127; left >>>= 7) {
      out.write((left & 127) | 128);
    }
    out.write(left);
    out.writeBytes(name);
    return out.toByteArray();
  }
}
