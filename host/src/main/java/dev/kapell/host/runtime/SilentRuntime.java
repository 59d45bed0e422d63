package dev.kapell.host.runtime;

import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A socket that answers every call of CRI with a message in which nothing is set, and never an
 * event: enough to rehearse a {@link CriRuntime} with, where no container may come to be. Its
 * events are silent, its calls answered on the socket's one thread. Thread-safe.
 */
public final class SilentRuntime implements AutoCloseable {
  private static final String EVENTS = "/Subscribe";

  private final Server server;
  private final EventLoopGroup loop;

  private SilentRuntime(Server server, EventLoopGroup loop) {
    this.server = server;
    this.loop = loop;
  }

  /** Answers at {@code socket}, in a folder that exists, until it is closed. */
  public static SilentRuntime listen(Path socket) throws IOException {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try {
      Server server =
          NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
              .channelType(EpollServerDomainSocketChannel.class)
              .bossEventLoopGroup(loop)
              .workerEventLoopGroup(loop)
              .directExecutor()
              .fallbackHandlerRegistry(new Everything())
              .build()
              .start();
      return new SilentRuntime(server, loop);
    } catch (IOException e) {
      var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw e;
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
    // Nobody waits for the loop's thread; it has nothing left to do.
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Every method there is. */
  private static final class Everything extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<byte[], byte[]> lookupMethod(
        String method, @Nullable String authority) {
      MethodDescriptor<byte[], byte[]> descriptor =
          MethodDescriptor.newBuilder(RawMessage.BYTES, RawMessage.BYTES)
              .setFullMethodName(method)
              .setType(MethodType.UNARY)
              .build();
      return ServerMethodDefinition.create(
          descriptor,
          ServerCalls.asyncUnaryCall(
              (request, answer) -> {
                if (!method.endsWith(EVENTS)) {
                  answer.onNext(new byte[0]);
                  answer.onCompleted();
                }
              }));
    }
  }
}
