package dev.kapell.network.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.base.Randomness;
import dev.kapell.network.dns.ServiceNames.Addressed;
import dev.kapell.network.dns.ServiceNames.External;
import dev.kapell.network.dns.ServiceNames.Headless;
import dev.kapell.network.dns.ServiceNames.Host;
import dev.kapell.network.dns.ServiceNames.Namespace;
import dev.kapell.network.dns.ServiceNames.Port;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.ServiceUnavailableException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks over real sockets, mostly with the JDK's own DNS client. */
class DnsServerTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @TempDir Path directory;
  private DnsServer server;

  @BeforeEach
  void start() throws IOException {
    Path resolvConf = Files.writeString(directory.resolve("resolv.conf"), "search x\n");
    server =
        DnsServer.start(
            new DnsServer.DnsOptions(
                LOOPBACK, 0, "cluster.local", resolvConf, Randomness.seeded(1)));
    server.names(zone(3));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static byte[] ip(String literal) {
    return InetAddress.ofLiteral(literal).getAddress();
  }

  private static Zone zone(int pods) {
    List<Host> hosts = new ArrayList<>();
    for (int i = 1; i <= pods; i++) {
      String address = "10.42." + i / 250 + "." + i % 250;
      hosts.add(
          new Host(
              i == 1 ? "db-0" : IpAddress.label(address),
              List.of(ip(address)),
              List.of(new Port("pg", "tcp", 5432))));
    }
    Map<String, ServiceNames> services =
        Map.of(
            "web",
            new Addressed(
                List.of(ip("10.43.0.7"), ip("fd00::7")),
                List.of(new Port("http", "tcp", 80), new Port("dns", "udp", 53))),
            "db",
            new Headless(hosts),
            "empty",
            new Headless(List.of()),
            "inside",
            new External("web.default.svc.cluster.local"),
            "outside",
            new External("www.example.test"));
    return new Zone(
        "cluster.local",
        Map.of("default", new Namespace(services)),
        Map.of("7.0.43.10.in-addr.arpa", List.of("web.default.svc.cluster.local")),
        1);
  }

  // JNDI is the only DNS client in the JDK, it asks our own server, and it wants a Hashtable.
  @SuppressWarnings({"BanJNDI", "JdkObsolete"})
  private List<String> ask(String name, String type) throws NamingException {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    environment.put(Context.PROVIDER_URL, "dns://127.0.0.1:" + server.port());
    InitialDirContext context = new InitialDirContext(environment);
    try {
      Attribute found = context.getAttributes(name, new String[] {type}).get(type);
      List<String> values = new ArrayList<>();
      if (found != null) {
        Collections.list(found.getAll()).forEach(value -> values.add(value.toString()));
      }
      return values;
    } finally {
      context.close();
    }
  }

  @Test
  void aServiceHasItsAddresses() throws NamingException {
    assertThat(ask("web.default.svc.cluster.local", "A")).containsExactly("10.43.0.7");
    assertThat(ask("WEB.Default.svc.cluster.LOCAL", "A")).containsExactly("10.43.0.7");
    assertThat(ask("web.default.svc.cluster.local", "AAAA")).containsExactly("fd00::7");
  }

  @Test
  void aHeadlessServiceIsItsPodsAndEachHasAName() throws NamingException {
    assertThat(ask("db.default.svc.cluster.local", "A"))
        .containsExactlyInAnyOrder("10.42.0.1", "10.42.0.2", "10.42.0.3");
    assertThat(ask("db-0.db.default.svc.cluster.local", "A")).containsExactly("10.42.0.1");
    assertThat(ask("10-42-0-2.db.default.svc.cluster.local", "A")).containsExactly("10.42.0.2");
  }

  @Test
  void aNamedPortHasServiceRecords() throws NamingException {
    assertThat(ask("_http._tcp.web.default.svc.cluster.local", "SRV"))
        .containsExactly("0 100 80 web.default.svc.cluster.local.");
    assertThat(ask("_pg._tcp.db.default.svc.cluster.local", "SRV"))
        .hasSize(3)
        .contains("0 33 5432 db-0.db.default.svc.cluster.local.");
    assertThatThrownBy(() -> ask("_http._udp.web.default.svc.cluster.local", "SRV"))
        .isInstanceOf(NameNotFoundException.class);
  }

  @Test
  void anAddressLeadsBackToItsName() throws NamingException {
    assertThat(ask("7.0.43.10.in-addr.arpa", "PTR"))
        .containsExactly("web.default.svc.cluster.local.");
  }

  @Test
  void aPodHasANameMadeOfItsAddress() throws NamingException {
    assertThat(ask("10-42-0-9.default.pod.cluster.local", "A")).containsExactly("10.42.0.9");
  }

  @Test
  void anExternalNameInTheClusterIsFollowed() throws IOException, DnsFormatException {
    byte[] answer = exchange(question("inside.default.svc.cluster.local", DnsType.A, 0));
    assertThat(Answers.read(answer))
        .extracting(DnsRecord::type)
        .containsExactly(DnsType.CNAME, DnsType.A);
  }

  @Test
  void whatIsNotThereIsSaidSoWithTheStartOfAuthority() throws Exception {
    assertThatThrownBy(() -> ask("gone.default.svc.cluster.local", "A"))
        .isInstanceOf(NameNotFoundException.class);
    assertThat(ask("empty.default.svc.cluster.local", "A")).isEmpty();
    assertThat(ask("web.default.svc.cluster.local", "MX")).isEmpty();
    byte[] answer = exchange(question("gone.default.svc.cluster.local", DnsType.A, 0));
    assertThat(answer[3] & 0xF).isEqualTo(DnsType.NAME_ERROR);
    assertThat(ByteBuffer.wrap(answer).getShort(8)).as("authority records").isEqualTo((short) 1);
    assertThat(answer[2] & 0x04).as("authoritative").isNotZero();
  }

  @Test
  void anotherServersNamesFailWithoutAnUpstream() {
    assertThatThrownBy(() -> ask("www.example.test", "A"))
        .isInstanceOf(ServiceUnavailableException.class);
  }

  @Test
  void namesThatAreNotKnownYetFailInsteadOfBeingDenied() throws Exception {
    server.names(Zone.unknown("cluster.local"));
    byte[] answer = exchange(question("web.default.svc.cluster.local", DnsType.A, 0));
    assertThat(answer[3] & 0xF).isEqualTo(DnsType.SERVER_FAILURE);
  }

  @Test
  void aLongAnswerIsTruncatedOverUdpAndWholeOverTcp() throws Exception {
    server.names(zone(200));
    byte[] plain = exchange(question("db.default.svc.cluster.local", DnsType.A, 0));
    assertThat(plain.length).isLessThanOrEqualTo(512);
    assertThat(plain[2] & 0x02).as("truncated").isNotZero();
    byte[] extended = exchange(question("db.default.svc.cluster.local", DnsType.A, 4096));
    assertThat(extended.length).isBetween(513, 1232);
    assertThat(ask("db.default.svc.cluster.local", "A"))
        .as("the client asks over TCP")
        .hasSize(200);
  }

  @Test
  void halfAMessageIsAFormatErrorAndAnAnswerIsNotAnswered() throws Exception {
    byte[] question = question("web.default.svc.cluster.local", DnsType.A, 0);
    byte[] half = Arrays.copyOf(question, 20);
    assertThat(exchange(half)[3] & 0xF).isEqualTo(DnsType.FORMAT_ERROR);
    byte[] loop = Arrays.copyOf(question, question.length);
    loop[12] = (byte) 0xC0;
    loop[13] = 12;
    assertThat(exchange(loop)[3] & 0xF).isEqualTo(DnsType.FORMAT_ERROR);
    byte[] response = question.clone();
    response[2] |= (byte) 0x80;
    Resolver resolver =
        new Resolver(
            () -> zone(1), new Forwarder(List::of, Randomness.seeded(1)), Randomness.seeded(1));
    assertThat(resolver.answerAtOnce(response, false))
        .hasValueSatisfying(a -> assertThat(a).isEmpty());
  }

  @Test
  void aQuestionForAnotherServerIsForwardedOverBothTransports() throws Exception {
    Path none = directory.resolve("none");
    try (DnsServer upstream =
        DnsServer.start(
            new DnsServer.DnsOptions(LOOPBACK, 0, "example.test", none, Randomness.seeded(2)))) {
      upstream.names(new Zone("example.test", Map.of(), Map.of(), 1));
      Forwarder forwarder =
          new Forwarder(
              () -> List.of(new InetSocketAddress(LOOPBACK, upstream.port())),
              Randomness.seeded(3));
      byte[] question = question("example.test", DnsType.SOA, 1232);
      for (boolean tcp : new boolean[] {false, true}) {
        Optional<byte[]> answer = forwarder.ask(question, tcp);
        assertThat(answer).isPresent();
        ByteBuffer message = ByteBuffer.wrap(answer.get());
        assertThat(message.getShort(0)).as("our own number").isEqualTo((short) 4242);
        assertThat(message.getShort(6)).as("answers").isEqualTo((short) 1);
      }
    }
  }

  private static byte[] question(String name, int type, int ednsSize) {
    byte[] encoded = DnsName.bytes(name);
    ByteBuffer out = ByteBuffer.allocate(12 + encoded.length + 4 + (ednsSize > 0 ? 11 : 0));
    out.putShort((short) 4242).putShort((short) 0x100).putShort((short) 1);
    out.putShort(10, (short) (ednsSize > 0 ? 1 : 0)).position(12);
    out.put(encoded).putShort((short) type).putShort((short) 1);
    if (ednsSize > 0) {
      out.put((byte) 0).putShort((short) DnsType.OPT).putShort((short) ednsSize);
    }
    return out.array();
  }

  private byte[] exchange(byte[] question) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(5000);
      socket.send(new DatagramPacket(question, question.length, LOOPBACK, server.port()));
      DatagramPacket answer = new DatagramPacket(new byte[65535], 65535);
      socket.receive(answer);
      return Arrays.copyOf(answer.getData(), answer.getLength());
    }
  }
}
