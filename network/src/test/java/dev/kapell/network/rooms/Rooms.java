package dev.kapell.network.rooms;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Network namespaces of a test's own: a node with a bridge, pods on it, and somebody outside.
 *
 * <pre>
 * outside 172.31.9.2 ── 172.31.9.1 node (kapell0 10.42.0.1) ── pod1 10.42.0.2, pod2 10.42.0.3, …
 * </pre>
 *
 * What {@link #in} runs does so on a thread that has entered the namespace, so its sockets and the
 * processes that it starts are there.
 */
public final class Rooms implements AutoCloseable {
  private static final int NEW_NET = 0x40000000;
  private static final long LIMIT_SECONDS = 30;

  private final String prefix;
  private final List<String> names = new ArrayList<>();

  private Rooms(String prefix) {
    this.prefix = prefix;
  }

  /** Whether this machine lets us make namespaces and has the tools. */
  public static boolean possible() {
    return System.getProperty("user.name").equals("root")
        && Files.isExecutable(Path.of("/usr/sbin/nft"))
        && Files.isExecutable(Path.of("/usr/sbin/conntrack"));
  }

  /** A node, an outsider and {@code pods} pods. */
  public static Rooms open(int pods) throws IOException, InterruptedException {
    Rooms rooms = new Rooms("kt" + ProcessHandle.current().pid() + "-");
    rooms.add("node");
    rooms.add("outside");
    String node = rooms.name("node");
    run("ip -n " + node + " link add kapell0 type bridge");
    run("ip -n " + node + " addr add 10.42.0.1/24 dev kapell0");
    run("ip -n " + node + " link set kapell0 up");
    run("ip -n " + node + " link add out type veth peer name eth0 netns " + rooms.name("outside"));
    run("ip -n " + node + " addr add 172.31.9.1/24 dev out");
    run("ip -n " + node + " link set out up");
    run("ip -n " + rooms.name("outside") + " addr add 172.31.9.2/24 dev eth0");
    run("ip -n " + rooms.name("outside") + " link set eth0 up");
    run("ip -n " + rooms.name("outside") + " route add default via 172.31.9.1");
    run("ip -n " + node + " route add 10.43.0.0/16 dev lo src 10.42.0.1");
    for (String key :
        List.of(
            "net.ipv4.ip_forward=1",
            "net.ipv4.conf.all.route_localnet=1",
            "net.bridge.bridge-nf-call-iptables=1")) {
      run("nsenter --net=/run/netns/" + node + " sysctl -qw " + key);
    }
    for (int i = 1; i <= pods; i++) {
      rooms.addPod(i);
    }
    return rooms;
  }

  private void addPod(int number) throws IOException, InterruptedException {
    String pod = "pod" + number;
    add(pod);
    String node = name("node");
    run("ip -n " + node + " link add " + pod + " type veth peer name eth0 netns " + name(pod));
    run("ip -n " + node + " link set " + pod + " master kapell0 up");
    run("ip -n " + node + " link set " + pod + " type bridge_slave hairpin on");
    run("ip -n " + name(pod) + " addr add 10.42.0." + (number + 1) + "/24 dev eth0");
    run("ip -n " + name(pod) + " link set eth0 up");
    run("ip -n " + name(pod) + " route add default via 10.42.0.1");
  }

  private void add(String room) throws IOException, InterruptedException {
    run("ip netns add " + name(room));
    names.add(name(room));
    run("ip -n " + name(room) + " link set lo up");
  }

  private String name(String room) {
    return prefix + room;
  }

  /** The namespace of {@code room} as a file. */
  public Path path(String room) {
    return Path.of("/run/netns", name(room));
  }

  /** Runs {@code work} in {@code room} and waits for it. */
  public <T> T in(String room, Callable<T> work) throws Exception {
    FutureTask<T> task = start(room, work);
    try {
      return task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (TimeoutException e) {
      task.cancel(true);
      throw e;
    }
  }

  /** Starts {@code work} in {@code room}; it runs until the test's process ends. */
  public <T> void serve(String room, Callable<T> work) {
    FutureTask<T> _ = start(room, work);
  }

  /** Starts {@code work} in {@code room}. */
  public <T> FutureTask<T> start(String room, Callable<T> work) {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              enter(path(room));
              return work.call();
            });
    Thread.ofPlatform().daemon().name(room).start(task);
    return task;
  }

  private static void enter(Path namespace) throws IOException {
    try {
      enterNative(namespace);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("restricted") // setns(2) has no other door; the build allows native access
  private static void enterNative(Path namespace) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle open = function(linker, "open", ValueLayout.ADDRESS);
    MethodHandle setns = function(linker, "setns", ValueLayout.JAVA_INT);
    MethodHandle close =
        linker.downcallHandle(
            linker.defaultLookup().find("close").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(namespace.toString());
      int file = (int) open.invokeExact(path, 0);
      int entered = (int) setns.invokeExact(file, NEW_NET);
      int closed = (int) close.invokeExact(file);
      if (entered != 0 || closed != 0) {
        throw new IOException("cannot enter " + namespace);
      }
    }
  }

  @SuppressWarnings("restricted") // as above
  private static MethodHandle function(Linker linker, String name, MemoryLayout first) {
    return linker.downcallHandle(
        linker.defaultLookup().find(name).orElseThrow(),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, first, ValueLayout.JAVA_INT));
  }

  /** Runs a command line and returns what it printed; fails when the command does. */
  public static String run(String command) throws IOException, InterruptedException {
    return run(command, "");
  }

  /** The same with something to read. */
  public static String run(String command, String input) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
    try (var out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + printed + "\n" + input);
    }
    return printed;
  }

  @Override
  public void close() throws IOException {
    try {
      for (String name : names) {
        run("ip netns del " + name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("namespaces left behind: " + names, e);
    }
  }
}
