package dev.kapell.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.network.rooms.Rooms;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.naming.Context;
import javax.naming.ServiceUnavailableException;
import javax.naming.directory.InitialDirContext;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkAgentTest {
  private static final int TRIES = 10_000;

  @TempDir Path directory;

  @Test
  void anAgentServesNamesAndServicesAndLeavesNothing() throws Exception {
    Assumptions.assumeTrue(Rooms.possible(), "needs root, nft and conntrack");
    try (Rooms rooms = Rooms.open(2)) {
      servePod2(rooms);
      Process agent = startAgent(rooms);
      try {
        BufferedReader out = agent.inputReader();
        assertThat(out.readLine()).as("the agent's log: %s", log()).isEqualTo("started 53");
        assertThat(rooms.in("pod1", NetworkAgentTest::resolve)).isEqualTo("10.43.0.7");
        assertThat(rooms.in("pod1", NetworkAgentTest::connect)).isEqualTo("hello");
      } finally {
        agent.getOutputStream().close();
        assertThat(agent.waitFor(30, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(agent.exitValue()).as("the agent's log: %s", log()).isZero();
      assertThat(rooms.in("node", () -> Rooms.run("nft list ruleset"))).isBlank();
      assertThat(rooms.in("node", () -> Rooms.run("ip addr"))).doesNotContain("kapell0", "10.43");
      assertThat(directory.resolve("net.d")).isEmptyDirectory();
    }
  }

  private Process startAgent(Rooms rooms) throws IOException {
    List<String> command =
        List.of(
            "nsenter",
            "--net=" + rooms.path("node"),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            AgentProcess.class.getName(),
            directory.toString());
    return new ProcessBuilder(command).redirectError(directory.resolve("log").toFile()).start();
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  private static void servePod2(Rooms rooms) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(1);
    rooms.serve(
        "pod2",
        () -> {
          try (ServerSocket server = new ServerSocket(8080)) {
            ready.countDown();
            while (true) {
              try (Socket client = server.accept()) {
                client.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
              }
            }
          }
        });
    ready.await();
  }

  /** The name, as soon as the agent has read it: before that the server says it failed. */
  @SuppressWarnings({"BanJNDI", "JdkObsolete"}) // the JDK's only DNS client, asking our own server
  private static String resolve() throws Exception {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    environment.put(Context.PROVIDER_URL, "dns://10.43.0.10");
    for (int i = 0; ; i++) {
      InitialDirContext context = new InitialDirContext(environment);
      try {
        return context
            .getAttributes("web.default.svc.cluster.local", new String[] {"A"})
            .get("A")
            .get()
            .toString();
      } catch (ServiceUnavailableException e) {
        if (i == TRIES) {
          throw e;
        }
      } finally {
        context.close();
      }
    }
  }

  private static String connect() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("10.43.0.7", 80), 5000);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
