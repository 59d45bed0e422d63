package dev.kapell.bench;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.base.Clock;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Watch;
import dev.kapell.client.WatchEvent;
import dev.kapell.client.http.Connection;
import dev.kapell.client.http.KubeconfigFile;
import dev.kapell.client.http.RemoteClient;
import dev.kapell.host.file.DirectoryTree;
import dev.kapell.host.image.OwnImages;
import dev.kapell.host.mount.Mounts;
import dev.kapell.host.packages.RuntimePackages;
import dev.kapell.host.packages.RuntimePrograms;
import dev.kapell.host.process.Command;
import dev.kapell.host.process.Processes;
import dev.kapell.host.runtime.CniBridge;
import dev.kapell.host.runtime.ContainerId;
import dev.kapell.host.runtime.ContainerSpec;
import dev.kapell.host.runtime.Containerd;
import dev.kapell.host.runtime.ContainerdSettings;
import dev.kapell.host.runtime.CriRuntime;
import dev.kapell.host.runtime.OwnImageLoader;
import dev.kapell.host.runtime.PodIdentity;
import dev.kapell.host.runtime.SandboxId;
import dev.kapell.host.runtime.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Prints how long a pod takes from its creation to Running, beside the bare runtime calls that
 * start the same container (sandbox, create, start) on a containerd of its own, in turn.
 *
 * <p>{@code java -cp … dev.kapell.bench.PodStartBench KUBECONFIG [PAIRS]}, as root, on the machine
 * of a running cluster's only node.
 */
public final class PodStartBench {
  private static final String BRIDGE = "kapbench0";
  private static final List<String> PROGRAM = List.of("sleep", "3600");

  private final Clock clock = Clock.system();
  private final RemoteClient client;
  private final CriRuntime runtime;
  private final Path logs;

  private PodStartBench(RemoteClient client, CriRuntime runtime, Path logs) {
    this.client = client;
    this.runtime = runtime;
    this.logs = logs;
  }

  /** Runs it: the cluster, and how many pairs. */
  public static void main(String[] arguments) throws Exception {
    int pairs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 15;
    Processes processes = Processes.ofThisMachine();
    Path folder = Files.createTempDirectory("kapell-bench-");
    ContainerdSettings settings =
        ContainerdSettings.detect(folder.resolve("cd"), programs(processes), OwnImages.PAUSE);
    new CniBridge(BRIDGE, "10.98.8.0/24", 1400, folder.resolve("ipam"))
        .install(settings.cniConfigDirectory());
    try (Connection connection = Connection.to(KubeconfigFile.read(Path.of(arguments[0])));
        Containerd containerd = Containerd.start(settings, processes, Clock.system())) {
      try (CriRuntime runtime = new CriRuntime(containerd.socket(), processes, Clock.system())) {
        new OwnImageLoader(runtime.images(), processes, "amd64")
            .load(programs(processes).busybox(), folder);
        new PodStartBench(new RemoteClient(connection), runtime, folder).run(pairs);
      }
      containerd.stop();
    } finally {
      Containerd.wipe(settings, processes, Mounts.ofThisMachine());
      DirectoryTree.delete(folder);
      processes.run(Command.of("ip", "link", "delete", BRIDGE));
    }
  }

  private static RuntimePrograms programs(Processes processes) throws IOException {
    return switch (new RuntimePackages(Path.of("/"), processes).look()) {
      case RuntimePackages.Findings.Complete found -> found.programs();
      case RuntimePackages.Findings.Missing missing -> throw new IOException(missing.message());
    };
  }

  private void run(int pairs) throws InterruptedException {
    double[] bare = new double[pairs];
    double[] pod = new double[pairs];
    bare("warm-up");
    pod("warm-up");
    for (int pair = 0; pair < pairs; pair++) {
      bare[pair] = bare("bare-" + pair);
      pod[pair] = pod("pod-" + pair);
    }
    double bareMedian = median(bare);
    double podMedian = median(pod);
    System.out.printf("runtime calls alone, median of %d: %.0f ms%n", pairs, bareMedian);
    System.out.printf("pod created to Running, median of %d: %.0f ms%n", pairs, podMedian);
    System.out.printf("ratio: %.2f%n", podMedian / bareMedian);
  }

  private double bare(String name) {
    SandboxSpec sandbox =
        SandboxSpec.builder(new PodIdentity("bench", name, name, 0), logs).build();
    ContainerSpec container =
        ContainerSpec.builder("c", 0, OwnImages.TOOLBOX).command(PROGRAM, List.of()).build();
    long since = clock.nanoTime();
    SandboxId id = runtime.runSandbox(sandbox);
    ContainerId started = runtime.createContainer(id, sandbox, container);
    runtime.startContainer(started);
    double millis = (clock.nanoTime() - since) / 1e6;
    runtime.stopSandbox(id);
    runtime.removeSandbox(id);
    return millis;
  }

  private double pod(String name) throws InterruptedException {
    Pod pod =
        Pod.builder()
            .metadata(ObjectMeta.builder().name(name).namespace("default").build())
            .spec(
                PodSpec.builder()
                    .terminationGracePeriodSeconds(0L)
                    .containers(
                        List.of(
                            Container.builder()
                                .name("c")
                                .image(OwnImages.TOOLBOX)
                                .command(PROGRAM)
                                .build()))
                    .build())
            .build();
    ListQuery only = ListQuery.in("default").fields("metadata.name=" + name);
    String revision = client.list(Types.POD, only).resourceVersion();
    try (Watch<Pod> watch = client.watch(Types.POD, only, revision)) {
      long since = clock.nanoTime();
      client.create(Types.POD, pod);
      while (!runs(watch.next())) {
        // the next change
      }
      double millis = (clock.nanoTime() - since) / 1e6;
      client.delete(
          Types.POD,
          new ObjectKey("default", name),
          DeleteOptions.builder().gracePeriodSeconds(0L).build());
      while (!(watch.next() instanceof WatchEvent.Deleted<Pod>)) {
        // until it is gone
      }
      return millis;
    }
  }

  private static boolean runs(WatchEvent<Pod> event) {
    return event instanceof WatchEvent.Modified<Pod>(Pod pod)
        && pod.status() != null
        && "Running".equals(pod.status().phase());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
