package dev.kapell.network.dns;

import dev.kapell.base.Randomness;
import dev.kapell.base.TaskScope;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * The DNS server of one node, over UDP and TCP.
 *
 * <p>One virtual thread reads datagrams and answers the cluster's names itself; a question for
 * another server gets a virtual thread of its own. How many of those and of TCP connections there
 * are is bounded; a datagram above the bound is dropped, as the network may do, and the client asks
 * again. Until the cluster's names are first known, and every question about them gets {@code
 * SERVFAIL} rather than a wrong {@code NXDOMAIN}.
 */
public final class DnsServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.network");
  private static final int MAX_QUESTION = 4096;
  private static final int MAX_FORWARDED = 1024;
  private static final int MAX_CONNECTIONS = 256;
  private static final int IDLE_MILLIS = 10_000;

  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Resolver resolver;
  private final Semaphore forwarded = new Semaphore(MAX_FORWARDED);
  private final Semaphore connections = new Semaphore(MAX_CONNECTIONS);
  private final TaskScope scope =
      new TaskScope(
          "dns",
          (task, cause) -> LOG.log(System.Logger.Level.ERROR, "dns ended task=" + task, cause));
  private volatile Zone zone;

  private DnsServer(DatagramSocket udp, ServerSocket tcp, DnsOptions options) {
    this.udp = udp;
    this.tcp = tcp;
    this.zone = Zone.unknown(options.domain());
    Upstreams upstreams = new Upstreams(options.resolvConf(), udp.getLocalAddress());
    Randomness randomness = options.randomness();
    this.resolver =
        new Resolver(() -> zone, new Forwarder(upstreams::servers, randomness), randomness);
  }

  /**
   * What a server has to know.
   *
   * @param address where it listens, UDP and TCP
   * @param port 53; 0 for any, the same for both
   * @param domain for instance {@code cluster.local}
   * @param resolvConf the file that names the servers for everything else
   * @param randomness for numbers of questions and the order of answers
   */
  public record DnsOptions(
      InetAddress address, int port, String domain, Path resolvConf, Randomness randomness) {}

  /** Starts to answer. Throws when the address is not this machine's or the port is taken. */
  public static DnsServer start(DnsOptions options) throws IOException {
    ServerSocket tcp = new ServerSocket();
    DatagramSocket udp = null;
    try {
      tcp.setReuseAddress(true);
      tcp.bind(new InetSocketAddress(options.address(), options.port()));
      udp = new DatagramSocket(new InetSocketAddress(options.address(), tcp.getLocalPort()));
    } catch (BindException e) {
      throw new IOException(
          "cannot serve DNS at "
              + options.address().getHostAddress()
              + " port "
              + options.port()
              + ": "
              + e.getMessage()
              + "; does another DNS server listen on every address?",
          e);
    } finally {
      if (udp == null) {
        tcp.close();
      }
    }
    DnsServer server = new DnsServer(udp, tcp, options);
    server.scope.start("udp", server::readDatagrams);
    server.scope.start("tcp", server::acceptConnections);
    return server;
  }

  /** The port that it listens on. */
  public int port() {
    return tcp.getLocalPort();
  }

  /** Swaps the names. */
  void names(Zone names) {
    zone = names;
  }

  private void readDatagrams() throws IOException {
    byte[] buffer = new byte[MAX_QUESTION];
    while (!scope.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        udp.receive(packet);
      } catch (SocketException e) {
        if (udp.isClosed()) {
          return;
        }
        throw e;
      }
      byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
      InetSocketAddress client = (InetSocketAddress) packet.getSocketAddress();
      try {
        answer(question, client);
      } catch (RuntimeException e) {
        // A bug in one answer; everybody else still needs names.
        LOG.log(System.Logger.Level.ERROR, "question not answered client=" + client, e);
      }
    }
  }

  private void answer(byte[] question, InetSocketAddress client) {
    Optional<byte[]> answer = resolver.answerAtOnce(question, false);
    if (answer.isPresent()) {
      send(answer.get(), client);
    } else if (forwarded.tryAcquire()) {
      scope.start("forward", () -> forward(question, client));
    }
  }

  private void forward(byte[] question, InetSocketAddress client) throws InterruptedException {
    try {
      send(resolver.ask(question, false), client);
    } finally {
      forwarded.release();
    }
  }

  private void send(byte[] answer, InetSocketAddress client) {
    if (answer.length == 0) {
      return;
    }
    try {
      udp.send(new DatagramPacket(answer, answer.length, client));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "answer lost client=" + client, e);
    }
  }

  private void acceptConnections() throws IOException, InterruptedException {
    while (!scope.isClosed()) {
      connections.acquire();
      Socket client;
      try {
        client = tcp.accept();
      } catch (IOException e) {
        connections.release();
        if (tcp.isClosed()) {
          return;
        }
        throw e;
      }
      scope.start("connection", () -> serve(client));
    }
  }

  private void serve(Socket client) throws InterruptedException {
    try (client) {
      client.setSoTimeout(IDLE_MILLIS);
      DataInputStream in = new DataInputStream(client.getInputStream());
      while (!scope.isClosed()) {
        byte[] question = new byte[in.readUnsignedShort()];
        in.readFully(question);
        Optional<byte[]> known = resolver.answerAtOnce(question, true);
        byte[] answer = known.isPresent() ? known.get() : resolver.ask(question, true);
        if (answer.length == 0) {
          return;
        }
        client
            .getOutputStream()
            .write(
                ByteBuffer.allocate(2 + answer.length)
                    .putShort((short) answer.length)
                    .put(answer)
                    .array());
      }
    } catch (EOFException | SocketTimeoutException e) {
      return; // how such a connection ends
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "connection lost client=" + client, e);
    } finally {
      connections.release();
    }
  }

  /** Stops answering and frees both ports. */
  @Override
  public void close() {
    udp.close();
    try {
      tcp.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "dns port not freed", e);
    }
    scope.close();
  }
}
