package dev.kapell.network.dns;

import dev.kapell.base.Randomness;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks other servers. Each question leaves from a port of its own with a number of its own, and
 * only an answer with the same number and question counts. Thread-safe; blocks at most a few
 * seconds.
 */
final class Forwarder {
  private static final System.Logger LOG = System.getLogger("kapell.network");
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int MAX_AT_ONCE = 512;
  private static final int MAX_DATAGRAM = 4096;

  private final Supplier<List<InetSocketAddress>> servers;
  private final Randomness randomness;
  private final Semaphore free = new Semaphore(MAX_AT_ONCE);

  Forwarder(Supplier<List<InetSocketAddress>> servers, Randomness randomness) {
    this.servers = servers;
    this.randomness = randomness;
  }

  /** The first answer of a server, under the question's own number; empty when none answered. */
  Optional<byte[]> ask(byte[] question, boolean overTcp) throws InterruptedException {
    if (!free.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      return Optional.empty();
    }
    try {
      for (InetSocketAddress server : servers.get()) {
        try {
          return Optional.of(askOne(server, question, overTcp));
        } catch (IOException e) {
          LOG.log(
              System.Logger.Level.DEBUG,
              () -> "upstream did not answer server=" + server + " cause=" + e.getMessage());
        }
      }
      return Optional.empty();
    } finally {
      free.release();
    }
  }

  private byte[] askOne(InetSocketAddress server, byte[] question, boolean overTcp)
      throws IOException {
    byte[] sent = question.clone();
    ByteBuffer.wrap(sent).putShort(0, (short) randomness.nextInt(0x10000));
    byte[] answer = overTcp ? overTcp(server, sent) : overUdp(server, sent);
    answer[0] = question[0];
    answer[1] = question[1];
    return answer;
  }

  private static byte[] overUdp(InetSocketAddress server, byte[] sent) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.send(new DatagramPacket(sent, sent.length));
      DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
      for (int strangers = 0; strangers < MAX_DATAGRAM; strangers++) {
        socket.receive(packet);
        byte[] answer = Arrays.copyOf(packet.getData(), packet.getLength());
        if (answers(answer, sent)) {
          return answer;
        }
      }
      throw new IOException("only answers to other questions");
    }
  }

  private static byte[] overTcp(InetSocketAddress server, byte[] sent) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(server, (int) PATIENCE.toMillis());
      socket.setSoTimeout((int) PATIENCE.toMillis());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.write(
          ByteBuffer.allocate(2 + sent.length).putShort((short) sent.length).put(sent).array());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] answer = new byte[in.readUnsignedShort()];
      in.readFully(answer);
      if (!answers(answer, sent)) {
        throw new IOException("an answer to another question");
      }
      return answer;
    }
  }

  /** The same number, marked as a response, and the same question (RFC 5452, section 9.1). */
  private static boolean answers(byte[] answer, byte[] sent) {
    if (answer.length < Query.HEADER || answer[0] != sent[0] || answer[1] != sent[1]) {
      return false;
    }
    try {
      Query asked = Query.read(sent);
      ByteBuffer in = ByteBuffer.wrap(answer).position(Query.HEADER);
      boolean questionLeftOut = in.getShort(4) == 0;
      return (answer[2] & 0x80) != 0
          && (questionLeftOut
              || (DnsName.read(in).equalsIgnoreCase(asked.name())
                  && (in.getShort() & 0xFFFF) == asked.type()));
    } catch (DnsFormatException | BufferUnderflowException e) {
      return false; // not an answer that anybody could use
    }
  }
}
