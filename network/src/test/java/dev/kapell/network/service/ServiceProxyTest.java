package dev.kapell.network.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.IntOrString;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerPort;
import dev.kapell.api.core.v1.LoadBalancerIngress;
import dev.kapell.api.core.v1.LoadBalancerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.PodStatus;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServicePort;
import dev.kapell.api.core.v1.ServiceSpec;
import dev.kapell.api.core.v1.ServiceStatus;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointConditions;
import dev.kapell.api.discovery.v1.EndpointPort;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.host.net.Conntrack;
import dev.kapell.host.net.NetworkFailure;
import dev.kapell.host.net.Nftables;
import dev.kapell.network.rooms.Rooms;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real packets through real nftables, between namespaces of our own. */
class ServiceProxyTest {
  private static final NodeView NODE =
      new NodeView("n1", "10.42.0.0/16", "10.42.0.0/24", "10.43.0.0/16", "10.43.0.10");
  private static final String VIP = "10.43.0.7";
  private static final int PORT = 80;
  private static final int MILLIS = 1500;

  private static Rooms rooms;
  private final List<String> scripts = new ArrayList<>();
  private List<Pod> hostPods = List.of();
  private ServiceProxy proxy;

  @BeforeAll
  static void open() throws Exception {
    Assumptions.assumeTrue(Rooms.possible(), "needs root, nft and conntrack");
    rooms = Rooms.open(3);
    for (int pod = 1; pod <= 3; pod++) {
      serve(pod);
    }
  }

  @AfterAll
  static void close() throws IOException {
    if (rooms != null) {
      rooms.close();
    }
  }

  /** Every connection and datagram is answered with "pod address-of-the-client". */
  private static void serve(int pod) throws Exception {
    CountDownLatch ready = new CountDownLatch(2);
    rooms.serve(
        "pod" + pod,
        () -> {
          try (ServerSocket server = new ServerSocket(8080)) {
            ready.countDown();
            while (true) {
              try (Socket client = server.accept()) {
                String text = pod + " " + client.getInetAddress().getHostAddress();
                client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
              }
            }
          }
        });
    rooms.serve(
        "pod" + pod,
        () -> {
          try (DatagramSocket server = new DatagramSocket(8080)) {
            ready.countDown();
            while (true) {
              DatagramPacket packet = new DatagramPacket(new byte[100], 100);
              server.receive(packet);
              byte[] answer = ("" + pod).getBytes(StandardCharsets.UTF_8);
              server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
          }
        });
    ready.await();
  }

  @BeforeEach
  void fresh() {
    proxy = new ServiceProxy(new Nft(), ServiceProxyTest::forget, NODE);
  }

  /** The real nft in the namespace of the calling thread, with a memory. */
  private final class Nft implements Nftables {
    @Override
    public void apply(String script) {
      scripts.add(script);
      nft("nft -f -", script);
    }

    @Override
    public String listJson(String... what) {
      return nft("nft -j list " + String.join(" ", what), "");
    }

    @Override
    public List<String> tables() {
      return nft("nft list tables", "").lines().map(line -> line.substring(6)).toList();
    }

    @Override
    public void deleteTable(String family, String name) {
      nft("nft delete table " + family + " " + name, "");
    }
  }

  private static String nft(String command, String input) {
    try {
      return Rooms.run(command, input);
    } catch (IOException e) {
      throw new NetworkFailure(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NetworkFailure("interrupted", e);
    }
  }

  /** The real conntrack; it fails when there was nothing to forget. */
  private static int forget(Conntrack.Match match) {
    InetAddress to = match.originalDestination();
    InetAddress from = match.replySource();
    try {
      nft(
          "conntrack -D -p "
              + match.protocol()
              + (to == null ? "" : " -d " + to.getHostAddress())
              + (match.originalPort() == 0 ? "" : " --orig-port-dst " + match.originalPort())
              + (from == null ? "" : " -r " + from.getHostAddress()),
          "");
      return 1;
    } catch (NetworkFailure e) {
      return 0;
    }
  }

  private void update(Service service, EndpointSlice... slices) throws Exception {
    rooms.in(
        "node",
        () -> {
          proxy.update(List.of(service), key -> List.of(slices), hostPods);
          return true;
        });
  }

  private static Service service(UnaryOperator<ServiceSpec.Builder> more) {
    return Service.builder()
        .metadata(ObjectMeta.builder().name("web").namespace("default").build())
        .spec(
            more.apply(
                    ServiceSpec.builder()
                        .clusterIP(VIP)
                        .clusterIPs(List.of(VIP))
                        .ports(List.of(port("tcp", "TCP", 30080), port("udp", "UDP", 30081))))
                .build())
        .build();
  }

  private static ServicePort port(String name, String protocol, int nodePort) {
    return ServicePort.builder()
        .name(name)
        .protocol(protocol)
        .port(PORT)
        .nodePort(nodePort)
        .targetPort(IntOrString.of(8080))
        .build();
  }

  private static EndpointSlice pods(int... numbers) {
    return slice(EndpointConditions.builder().ready(true).build(), numbers);
  }

  private static EndpointSlice slice(EndpointConditions conditions, int... numbers) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int number : numbers) {
      endpoints.add(
          Endpoint.builder()
              .addresses(List.of("10.42.0." + (number + 1)))
              .conditions(conditions)
              .nodeName(number == 3 ? "n2" : "n1")
              .build());
    }
    return EndpointSlice.builder()
        .addressType("IPv4")
        .ports(
            List.of(
                EndpointPort.builder().name("tcp").protocol("TCP").port(8080).build(),
                EndpointPort.builder().name("udp").protocol("UDP").port(8080).build()))
        .endpoints(endpoints)
        .build();
  }

  private static String connect(String room, String address, int port) throws Exception {
    return rooms.in(
        room,
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), MILLIS);
            socket.setSoTimeout(MILLIS);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          }
        });
  }

  private static Set<String> whoAnswers(String room, String address, int port) throws Exception {
    Set<String> pods = new HashSet<>();
    for (int i = 0; i < 25; i++) {
      pods.add(connect(room, address, port).substring(0, 1));
    }
    return pods;
  }

  @Test
  void aClusterAddressLeadsToEveryPodFromEverywhere() throws Exception {
    update(service(spec -> spec), pods(1, 2));
    assertThat(whoAnswers("node", VIP, PORT)).containsExactlyInAnyOrder("1", "2");
    assertThat(whoAnswers("pod3", VIP, PORT)).containsExactlyInAnyOrder("1", "2");
    assertThat(connect("pod3", VIP, PORT)).as("a pod keeps its address").endsWith(" 10.42.0.4");
  }

  @Test
  void aPodReachesItselfThroughItsService() throws Exception {
    update(service(spec -> spec), pods(1));
    assertThat(connect("pod1", VIP, PORT)).isEqualTo("1 10.42.0.1");
  }

  @Test
  void aConnectionOfThisMachineThatIsOlderThanTheTableLivesOn() throws Exception {
    EndpointSlice pod = pods(1);
    EndpointSlice here =
        pod.withEndpoints(List.of(pod.endpoints().getFirst().withAddresses(List.of("127.0.0.1"))));
    rooms.in(
        "node",
        () -> {
          ServiceProxy.remove(new Nft());
          InetAddress localhost = InetAddress.ofLiteral("127.0.0.1");
          try (ServerSocket server = new ServerSocket(0, 1, localhost);
              Socket client = new Socket(localhost, server.getLocalPort());
              Socket served = server.accept()) {
            client.setSoTimeout(MILLIS);
            proxy.update(List.of(service(spec -> spec)), key -> List.of(here), hostPods);
            for (int sent = 1; sent < 4; sent++) {
              served.getOutputStream().write(sent);
              assertThat(client.getInputStream().read()).isEqualTo(sent);
            }
          }
          return true;
        });
  }

  @Test
  void aNodePortIsThereOutsideInsideAndOnLocalhost() throws Exception {
    update(service(spec -> spec.type("NodePort")), pods(1, 2));
    assertThat(whoAnswers("outside", "172.31.9.1", 30080)).containsExactlyInAnyOrder("1", "2");
    assertThat(whoAnswers("node", "127.0.0.1", 30080)).containsExactlyInAnyOrder("1", "2");
    assertThat(whoAnswers("pod3", "172.31.9.1", 30080)).containsExactlyInAnyOrder("1", "2");
  }

  @Test
  void localPolicyKeepsTheSourceAndOnlyUsesPodsOfThisNode() throws Exception {
    update(service(spec -> spec.externalTrafficPolicy("Local")), pods(1, 3));
    assertThat(whoAnswers("outside", "172.31.9.1", 30080)).containsExactly("1");
    assertThat(connect("outside", "172.31.9.1", 30080)).isEqualTo("1 172.31.9.2");
    assertThat(whoAnswers("node", "127.0.0.1", 30080)).as("the node itself").contains("1", "3");
    update(service(spec -> spec.externalTrafficPolicy("Local")), pods(3));
    assertThatThrownBy(() -> connect("outside", "172.31.9.1", 30080))
        .isInstanceOf(SocketTimeoutException.class);
    update(service(spec -> spec.internalTrafficPolicy("Local")), pods(1, 3));
    assertThat(whoAnswers("pod2", VIP, PORT)).containsExactly("1");
  }

  @Test
  void nobodyThereIsRefusedAtOnce() throws Exception {
    update(service(spec -> spec.externalIPs(List.of("172.31.9.9"))), pods());
    for (String room : List.of("node", "pod1")) {
      assertThatThrownBy(() -> connect(room, VIP, PORT)).isInstanceOf(ConnectException.class);
    }
    assertThatThrownBy(() -> connect("outside", "172.31.9.1", 30080))
        .isInstanceOf(ConnectException.class);
    assertThatThrownBy(() -> connect("node", "127.0.0.1", 30080))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void aPodThatEndsServesOnlyWhenNoneIsReady() throws Exception {
    EndpointConditions ending =
        EndpointConditions.builder().ready(false).serving(true).terminating(true).build();
    update(service(spec -> spec), pods(1), slice(ending, 2));
    assertThat(whoAnswers("node", VIP, PORT)).containsExactly("1");
    update(service(spec -> spec), slice(ending, 2));
    assertThat(whoAnswers("node", VIP, PORT)).containsExactly("2");
  }

  @Test
  void aClientStaysWithItsPodUntilThatIsGone() throws Exception {
    Service sticky = service(spec -> spec.sessionAffinity("ClientIP"));
    update(sticky, pods(1, 2));
    Set<String> first = whoAnswers("pod3", VIP, PORT);
    assertThat(first).hasSize(1);
    int gone = Integer.parseInt(first.iterator().next());
    update(sticky, pods(3 - gone));
    assertThat(whoAnswers("pod3", VIP, PORT)).containsExactly("" + (3 - gone));
    update(sticky, pods(1, 2));
    assertThat(whoAnswers("pod3", VIP, PORT)).as("it stays").containsExactly("" + (3 - gone));
  }

  @Test
  void addressesFromOutsideLeadToTheService() throws Exception {
    Service service =
        service(
                spec ->
                    spec.externalIPs(List.of("172.31.8.1"))
                        .loadBalancerSourceRanges(List.of("10.42.0.4/32")))
            .withStatus(
                ServiceStatus.builder()
                    .loadBalancer(
                        LoadBalancerStatus.builder()
                            .ingress(
                                List.of(LoadBalancerIngress.builder().ip("172.31.8.2").build()))
                            .build())
                    .build());
    update(service, pods(1, 2));
    assertThat(whoAnswers("outside", "172.31.8.1", PORT)).containsExactlyInAnyOrder("1", "2");
    assertThat(whoAnswers("pod3", "172.31.8.2", PORT)).containsExactlyInAnyOrder("1", "2");
    assertThatThrownBy(() -> connect("outside", "172.31.8.2", PORT))
        .as("not one of the source ranges")
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void hostPortsAreWhereTheAnnotationPutsThem() throws Exception {
    Service service = service(spec -> spec);
    update(
        service.withMetadata(
            service
                .metadata()
                .withAnnotations(Map.of(HostPort.ANNOTATION, "8088:80/tcp,127.0.0.1:8089:80/tcp"))),
        pods(1));
    assertThat(connect("outside", "172.31.9.1", 8088)).startsWith("1");
    assertThat(connect("node", "127.0.0.1", 8088)).startsWith("1");
    assertThat(connect("node", "127.0.0.1", 8089)).startsWith("1");
    assertThatThrownBy(() -> connect("outside", "172.31.9.1", 8089))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void aHostPortOfAPodIsADoorOfItsNode() throws Exception {
    hostPods = List.of(hostPod(1, ""), hostPod(2, "127.0.0.1"));
    update(service(spec -> spec), pods());
    assertThat(connect("outside", "172.31.9.1", 9000)).isEqualTo("1 172.31.9.2");
    assertThat(connect("node", "172.31.9.1", 9000)).startsWith("1");
    assertThat(connect("node", "127.0.0.1", 9000)).startsWith("2");
    assertThat(connect("pod1", "172.31.9.1", 9000)).as("to itself").startsWith("1");
  }

  private static Pod hostPod(int number, String hostAddress) {
    return Pod.builder()
        .metadata(ObjectMeta.builder().name("p" + number).namespace("default").build())
        .spec(
            PodSpec.builder()
                .containers(
                    List.of(
                        Container.builder()
                            .ports(
                                List.of(
                                    ContainerPort.builder()
                                        .containerPort(8080)
                                        .hostPort(9000)
                                        .hostIP(hostAddress)
                                        .build()))
                            .build()))
                .build())
        .status(PodStatus.builder().phase("Running").podIP("10.42.0." + (number + 1)).build())
        .build();
  }

  @Test
  void aChangeIsADifferenceAndAStrangersChangeIsRepaired() throws Exception {
    update(service(spec -> spec), pods(1));
    assertThat(scripts.getLast()).contains("delete table");
    update(service(spec -> spec), pods(1));
    assertThat(scripts).as("nothing changed").hasSize(1);
    update(service(spec -> spec), pods(1, 2));
    assertThat(scripts.getLast()).doesNotContain("delete table").contains("flush chain");
    assertThat(whoAnswers("node", VIP, PORT)).containsExactlyInAnyOrder("1", "2");
    rooms.in("node", () -> Rooms.run("nft delete table ip kapell"));
    update(service(spec -> spec), pods(2));
    assertThat(whoAnswers("node", VIP, PORT)).containsExactly("2");
  }

  @Test
  void aUdpClientIsNotKeptAtAPodThatIsGone() throws Exception {
    update(service(spec -> spec), pods(1));
    List<String> answers =
        rooms.in(
            "pod3",
            () -> {
              List<String> heard = new ArrayList<>();
              try (DatagramSocket socket = new DatagramSocket()) {
                heard.add(ask(socket));
                update(service(spec -> spec), pods(2));
                heard.add(ask(socket));
              }
              return heard;
            });
    assertThat(answers).as("the same socket").containsExactly("1", "2");
  }

  private static String ask(DatagramSocket socket) throws IOException {
    socket.setSoTimeout(MILLIS);
    InetSocketAddress service = new InetSocketAddress(InetAddress.ofLiteral(VIP), PORT);
    socket.send(new DatagramPacket(new byte[1], 1, service));
    DatagramPacket answer = new DatagramPacket(new byte[100], 100);
    socket.receive(answer);
    return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
  }

  @Test
  void removingLeavesNothing() throws Exception {
    update(service(spec -> spec), pods(1));
    rooms.in(
        "node",
        () -> {
          ServiceProxy.remove(new Nft());
          return true;
        });
    assertThat(rooms.in("node", () -> Rooms.run("nft list ruleset"))).isBlank();
  }
}
