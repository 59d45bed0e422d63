package dev.kapell.node.probe;

import dev.kapell.api.core.v1.ExecAction;
import dev.kapell.api.core.v1.GRPCAction;
import dev.kapell.api.core.v1.HTTPGetAction;
import dev.kapell.api.core.v1.LifecycleHandler;
import dev.kapell.api.core.v1.Probe;
import dev.kapell.api.core.v1.TCPSocketAction;
import dev.kapell.base.Clock;
import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.host.runtime.ExecResult;
import dev.kapell.host.runtime.RuntimeFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** Carries out the action of a probe or of a hook, once. Blocking; thread-safe. */
public final class Actions {
  private final ContainerRuntime runtime;
  private final Clock clock;
  private final Optional<Predicate<Target>> answering;
  private final HttpGet http = new HttpGet();

  /**
   * Commands run through {@code runtime}, everything else from this process.
   *
   * @param answering for simulated pods, whose addresses lead nowhere: whether a container answers
   *     over the network
   */
  public Actions(ContainerRuntime runtime, Clock clock, Optional<Predicate<Target>> answering) {
    this.runtime = runtime;
    this.clock = clock;
    this.answering = answering;
  }

  /** The clock by which probes are repeated. */
  Clock clock() {
    return clock;
  }

  /** Asks once. */
  Answer probe(Target target, Probe probe) throws InterruptedException {
    Duration limit = Duration.ofSeconds(probe.timeoutSecondsOr(1));
    ExecAction exec = probe.exec();
    HTTPGetAction get = probe.httpGet();
    TCPSocketAction tcp = probe.tcpSocket();
    GRPCAction grpc = probe.grpc();
    if (exec != null) {
      return exec(target, exec, limit);
    } else if (answering.isPresent() && (get != null || tcp != null || grpc != null)) {
      return simulated(target);
    } else if (get != null) {
      return http.get(target, get, limit, "kube-probe/1.36");
    } else if (tcp != null) {
      return connect(tcp.hostOr(target.host()), target.port(tcp.port()), limit);
    } else if (grpc != null) {
      return GrpcHealth.check(target.host(), grpc.portOr(0), grpc.serviceOr(""), limit);
    }
    return Answer.bad("the probe names no action");
  }

  /** Runs a hook to its end; {@code limit} bounds it. */
  public Answer hook(Target target, LifecycleHandler hook, Duration limit)
      throws InterruptedException {
    ExecAction exec = hook.exec();
    HTTPGetAction get = hook.httpGet();
    TCPSocketAction tcp = hook.tcpSocket();
    var sleep = hook.sleep();
    if (exec != null) {
      return exec(target, exec, limit);
    } else if (answering.isPresent() && (get != null || tcp != null)) {
      return simulated(target);
    } else if (get != null) {
      return http.get(target, get, limit, "kube-lifecycle/1.36");
    } else if (tcp != null) {
      return connect(tcp.hostOr(target.host()), target.port(tcp.port()), limit);
    } else if (sleep != null) {
      Duration span = Duration.ofSeconds(sleep.secondsOr(0L));
      clock.sleep(span.compareTo(limit) < 0 ? span : limit);
    }
    return Answer.GOOD;
  }

  private Answer simulated(Target target) {
    boolean answers = answering.map(decides -> decides.test(target)).orElse(false);
    return answers ? Answer.GOOD : Answer.bad("dial tcp " + target.host() + ": nobody answers");
  }

  private Answer exec(Target target, ExecAction action, Duration limit) {
    try {
      ExecResult result = runtime.execSync(target.id(), action.command(), limit);
      String said = result.stdoutText() + result.stderrText();
      return result.exitCode() == 0
          ? Answer.GOOD
          : Answer.bad(said.isBlank() ? "exit code " + result.exitCode() : said.strip());
    } catch (RuntimeFailure e) {
      return Answer.bad(
          e.is(RuntimeFailure.Kind.DEADLINE_EXCEEDED)
              ? "command " + action.command() + " timed out after " + limit.toSeconds() + "s"
              : String.valueOf(e.getMessage()));
    }
  }

  private static Answer connect(String host, int port, Duration limit) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), Math.toIntExact(limit.toMillis()));
      return Answer.GOOD;
    } catch (IOException e) {
      return Answer.bad("dial tcp " + host + ":" + port + ": " + e.getMessage());
    }
  }
}
