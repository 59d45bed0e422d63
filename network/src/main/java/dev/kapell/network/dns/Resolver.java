package dev.kapell.network.dns;

import dev.kapell.base.Randomness;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Turns a message into the message that answers it. Thread-safe. */
final class Resolver {
  private static final int MAX_CHAIN = 8;

  private final Supplier<Zone> zone;
  private final Forwarder forwarder;
  private final Randomness randomness;

  Resolver(Supplier<Zone> zone, Forwarder forwarder, Randomness randomness) {
    this.zone = zone;
    this.forwarder = forwarder;
    this.randomness = randomness;
  }

  /** The answer when it takes no other server; empty when {@link #ask} has to be called. */
  Optional<byte[]> answerAtOnce(byte[] message, boolean overTcp) {
    if (message.length < Query.HEADER || (message[2] & 0x80) != 0) {
      return Optional.of(new byte[0]); // nobody to answer, or an answer itself
    }
    Query query;
    try {
      query = Query.read(message);
    } catch (DnsFormatException e) {
      return Optional.of(Reply.toUnreadable(message, DnsType.FORMAT_ERROR));
    }
    Optional<Reply> reply = refusal(query);
    if (reply.isEmpty() && zone.get().external(query.name()).isEmpty()) {
      reply = zone.get().answer(query.name(), query.type()).map(this::mixed);
    }
    return reply.map(known -> write(known, query, overTcp));
  }

  private static Optional<Reply> refusal(Query query) {
    if (query.opcode() != 0) {
      return Optional.of(Reply.failure(DnsType.NOT_IMPLEMENTED));
    }
    if (query.ednsVersion() > 0) {
      return Optional.of(Reply.failure(DnsType.BAD_VERSION));
    }
    if (query.dnsClass() != DnsType.CLASS_IN) {
      return Optional.of(Reply.failure(DnsType.REFUSED));
    }
    return Optional.empty();
  }

  /** Answers with the help of other servers; {@code SERVFAIL} when there are none. */
  byte[] ask(byte[] message, boolean overTcp) throws InterruptedException {
    Query query;
    try {
      query = Query.read(message);
    } catch (DnsFormatException e) {
      return Reply.toUnreadable(message, DnsType.FORMAT_ERROR);
    }
    if (zone.get().external(query.name()).isPresent()) {
      return write(followed(query), query, overTcp);
    }
    Optional<byte[]> answer = forwarder.ask(message, overTcp);
    return answer.isPresent()
        ? answer.get()
        : write(Reply.failure(DnsType.SERVER_FAILURE), query, overTcp);
  }

  /** A chain of ExternalName Services and what its end resolves to, as stub resolvers expect it. */
  private Reply followed(Query query) throws InterruptedException {
    List<DnsRecord> records = new ArrayList<>();
    String name = query.name();
    for (int i = 0; i < MAX_CHAIN; i++) {
      Optional<String> target = zone.get().external(name);
      if (target.isEmpty()) {
        break;
      }
      records.add(DnsRecord.pointing(name, DnsType.CNAME, Zone.SECONDS, target.get()));
      name = target.get();
    }
    if (query.type() == DnsType.A || query.type() == DnsType.AAAA) {
      Optional<Reply> inside = zone.get().answer(name, query.type());
      if (inside.isPresent()) {
        records.addAll(inside.get().answers());
      } else {
        forwarder
            .ask(question(name, query.type()), false)
            .ifPresent(answer -> records.addAll(Answers.read(answer)));
      }
    }
    return new Reply(DnsType.NO_ERROR, true, records, List.of(), List.of());
  }

  private static byte[] question(String name, int type) {
    byte[] encoded = DnsName.bytes(name);
    ByteBuffer out = ByteBuffer.allocate(Query.HEADER + encoded.length + 4);
    out.putShort((short) 0).putShort((short) Query.RECURSION_DESIRED).putShort((short) 1);
    out.position(Query.HEADER).put(encoded);
    out.putShort((short) type).putShort((short) DnsType.CLASS_IN);
    return out.array();
  }

  /** Starts the answers at another one each time, so that clients spread over them. */
  private Reply mixed(Reply reply) {
    if (reply.answers().size() < 2) {
      return reply;
    }
    List<DnsRecord> turned = new ArrayList<>(reply.answers());
    Collections.rotate(turned, randomness.nextInt(turned.size()));
    return new Reply(
        reply.code(), reply.authoritative(), turned, reply.authority(), reply.additional());
  }

  private static byte[] write(Reply reply, Query query, boolean overTcp) {
    return overTcp ? reply.forTcp(query) : reply.forUdp(query);
  }
}
