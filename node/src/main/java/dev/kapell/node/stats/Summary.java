package dev.kapell.node.stats;

import dev.kapell.host.machine.Machine;
import dev.kapell.host.runtime.ContainerStats;
import dev.kapell.node.plan.ContainerSeen;
import dev.kapell.node.pod.PodWorkers;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The trees and texts in which usage is told: {@code /stats/summary} and {@code /metrics/resource}.
 */
public final class Summary {
  private final Usage usage;
  private final Machine machine;
  private final PodWorkers pods;
  private final String nodeName;
  private final Path disk;

  /** Of the node called {@code nodeName}, whose data is on {@code disk}. */
  public Summary(Usage usage, Machine machine, PodWorkers pods, String nodeName, Path disk) {
    this.usage = usage;
    this.machine = machine;
    this.pods = pods;
    this.nodeName = nodeName;
    this.disk = disk;
  }

  /** The tree of {@code /stats/summary}. */
  public Map<String, Object> tree() {
    usage.sample();
    Usage.Sample sample = usage.latest();
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("node", node(sample));
    List<Object> list = new ArrayList<>();
    pods.all().forEach(pod -> list.add(pod(pod, sample)));
    root.put("pods", list);
    return root;
  }

  private Map<String, Object> node(Usage.Sample sample) {
    Machine.MemoryUsage memory = machine.memory();
    Machine.DiskUsage space = machine.disk(disk);
    Machine.NetworkUsage traffic = machine.network();
    Machine.ProcessUsage tasks = machine.processes();
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("nodeName", nodeName);
    node.put("cpu", cpu(sample.at(), usage.nodeCpuRate(), sample.nodeCpuNanos()));
    node.put(
        "memory",
        map(
            "time",
            time(sample.at()),
            "availableBytes",
            memory.availableBytes(),
            "usageBytes",
            memory.usageBytes(),
            "workingSetBytes",
            memory.workingSetBytes(),
            "rssBytes",
            memory.rssBytes()));
    node.put(
        "network",
        map(
            "time",
            time(sample.at()),
            "name",
            traffic.name(),
            "rxBytes",
            traffic.receivedBytes(),
            "rxErrors",
            traffic.receiveErrors(),
            "txBytes",
            traffic.sentBytes(),
            "txErrors",
            traffic.sendErrors()));
    node.put(
        "fs",
        map(
            "time",
            time(sample.at()),
            "availableBytes",
            space.availableBytes(),
            "capacityBytes",
            space.totalBytes(),
            "usedBytes",
            space.usedBytes(),
            "inodesFree",
            space.inodesFree(),
            "inodes",
            space.inodes()));
    node.put(
        "rlimit",
        map("time", time(sample.at()), "maxpid", tasks.maximum(), "curproc", tasks.current()));
    return node;
  }

  private Map<String, Object> pod(PodWorkers.Running pod, Usage.Sample sample) {
    List<Object> containers = new ArrayList<>();
    long cpuTotal = 0;
    long cpuRate = 0;
    long memory = 0;
    for (ContainerSeen container : pod.containers()) {
      ContainerStats stats = sample.containers().get(container.id());
      if (stats == null || container.state() != ContainerSeen.State.RUNNING) {
        continue;
      }
      Long rate = usage.cpuRate(container.id());
      containers.add(container(container, stats, rate));
      cpuTotal += stats.cpuNanos();
      cpuRate += rate == null ? 0 : rate;
      memory += stats.memoryWorkingSetBytes();
    }
    var meta = pod.pod().metadata();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put(
        "podRef",
        map("name", meta.nameOr(""), "namespace", meta.namespaceOr(""), "uid", meta.uidOr("")));
    Instant start = pod.pod().status().startTime();
    tree.put("startTime", start == null ? null : time(start));
    tree.put("containers", containers);
    tree.put("cpu", cpu(sample.at(), cpuRate, cpuTotal));
    tree.put(
        "memory", map("time", time(sample.at()), "usageBytes", memory, "workingSetBytes", memory));
    return tree;
  }

  private static Map<String, Object> container(
      ContainerSeen container, ContainerStats stats, @Nullable Long rate) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", container.name());
    Instant started = container.startedAt();
    tree.put("startTime", started == null ? null : time(started));
    tree.put("cpu", cpu(stats.at(), rate, stats.cpuNanos()));
    tree.put(
        "memory",
        map(
            "time",
            time(stats.at()),
            "usageBytes",
            stats.memoryUsageBytes(),
            "workingSetBytes",
            stats.memoryWorkingSetBytes(),
            "rssBytes",
            stats.memoryRssBytes()));
    tree.put(
        "rootfs",
        map(
            "time",
            time(stats.at()),
            "usedBytes",
            stats.writableLayerBytes(),
            "inodesUsed",
            stats.writableLayerInodes()));
    return tree;
  }

  private static Map<String, Object> cpu(Instant at, @Nullable Long rate, long total) {
    Map<String, Object> cpu = map("time", time(at), "usageCoreNanoSeconds", total);
    if (rate != null) {
      cpu.put("usageNanoCores", rate);
    }
    return cpu;
  }

  private static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /** The text of {@code /metrics/resource} and {@code /metrics/cadvisor}, in Prometheus' format. */
  public String metrics() {
    usage.sample();
    Usage.Sample sample = usage.latest();
    StringBuilder cpu = new StringBuilder("# TYPE container_cpu_usage_seconds_total counter\n");
    StringBuilder memory = new StringBuilder("# TYPE container_memory_working_set_bytes gauge\n");
    for (PodWorkers.Running pod : pods.all()) {
      for (ContainerSeen container : pod.containers()) {
        ContainerStats stats = sample.containers().get(container.id());
        if (stats != null) {
          var meta = pod.pod().metadata();
          String labels =
              "{container=\""
                  + container.name()
                  + "\",namespace=\""
                  + meta.namespaceOr("")
                  + "\",pod=\""
                  + meta.nameOr("")
                  + "\"} ";
          cpu.append("container_cpu_usage_seconds_total")
              .append(labels)
              .append(stats.cpuNanos() / 1e9)
              .append('\n');
          memory
              .append("container_memory_working_set_bytes")
              .append(labels)
              .append(stats.memoryWorkingSetBytes())
              .append('\n');
        }
      }
    }
    return cpu.append(memory)
        .append("# TYPE node_cpu_usage_seconds_total counter\nnode_cpu_usage_seconds_total ")
        .append(sample.nodeCpuNanos() / 1e9)
        .append("\n# TYPE node_memory_working_set_bytes gauge\nnode_memory_working_set_bytes ")
        .append(machine.memory().workingSetBytes())
        .append("\n# TYPE scrape_error gauge\nscrape_error 0\n")
        .toString();
  }
}
