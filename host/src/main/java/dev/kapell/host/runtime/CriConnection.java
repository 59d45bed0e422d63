package dev.kapell.host.runtime;

import dev.kapell.base.Clock;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC channel to a runtime's unix socket. Made by the first call, because its classes take a
 * while to load. Thread-safe.
 *
 * <p>gRPC waits a second and more between attempts to connect; a containerd that is restarted is
 * back after a fifth of that. So a call that finds no connection drives the attempts itself.
 */
final class CriConnection implements AutoCloseable {
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(20);
  private static final int LARGEST_ANSWER_BYTES = 64 << 20;

  private final Path socket;
  private final Duration connectLimit;
  private final Clock clock;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable Open open;
  private volatile boolean closed;

  private record Open(ManagedChannel channel, EventLoopGroup loop) {}

  CriConnection(Path socket, Duration connectLimit, Clock clock) {
    this.socket = socket;
    this.connectLimit = connectLimit;
    this.clock = clock;
  }

  Path socket() {
    return socket;
  }

  /** Runs one call on a connected channel, and turns gRPC's failures into ours. */
  <T> T call(String what, Supplier<T> call) {
    connected();
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw CriFailures.translate(what, e);
    }
  }

  ManagedChannel channel() {
    Open now = open;
    if (now != null) {
      return now.channel();
    }
    opening.lock();
    try {
      now = open;
      if (closed) {
        throw new RuntimeFailure(
            RuntimeFailure.Kind.UNAVAILABLE, "the connection to the runtime has been closed");
      }
      if (now == null) {
        now = connect();
        open = now;
      }
      return now.channel();
    } finally {
      opening.unlock();
    }
  }

  private Open connect() {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
            .eventLoopGroup(loop)
            // A unix socket knows no keep-alive; without this Netty warns at every connection.
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .overrideAuthority("localhost")
            .usePlaintext()
            .directExecutor()
            .disableRetry()
            .maxInboundMessageSize(LARGEST_ANSWER_BYTES)
            .build();
    return new Open(channel, loop);
  }

  /** Returns when the channel is connected; UNAVAILABLE when nobody answers within the limit. */
  void connected() {
    ManagedChannel channel = channel();
    ConnectivityState state = channel.getState(true);
    if (state == ConnectivityState.READY) {
      return;
    }
    long deadline = clock.nanoTime() + connectLimit.toNanos();
    try {
      while (state != ConnectivityState.READY) {
        long left = deadline - clock.nanoTime();
        if (left <= 0 || state == ConnectivityState.SHUTDOWN) {
          throw new RuntimeFailure(
              RuntimeFailure.Kind.UNAVAILABLE,
              "no container runtime answers on " + socket + "; is it running?");
        }
        if (state == ConnectivityState.TRANSIENT_FAILURE) {
          clock.sleep(BETWEEN_ATTEMPTS);
          channel.resetConnectBackoff();
        } else {
          CountDownLatch changed = new CountDownLatch(1);
          channel.notifyWhenStateChanged(state, changed::countDown);
          changed.await(left, TimeUnit.NANOSECONDS);
        }
        state = channel.getState(true);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeFailure(
          RuntimeFailure.Kind.INTERRUPTED, "interrupted while connecting to " + socket, e);
    }
  }

  @Override
  public void close() {
    opening.lock();
    try {
      closed = true;
      Open now = open;
      if (now != null) {
        now.channel().shutdownNow();
        // Nobody waits for the loop's thread; it has nothing left to do.
        var _ = now.loop().shutdownGracefully(0, 1, TimeUnit.SECONDS);
      }
    } finally {
      opening.unlock();
    }
  }
}
