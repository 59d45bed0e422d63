package dev.kapell.node.config;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.resource.Quantity;
import dev.kapell.host.cgroup.CgroupLimits;
import dev.kapell.host.cgroup.CgroupPath;
import dev.kapell.host.runtime.LinuxResources;
import dev.kapell.node.plan.PodContainers;
import dev.kapell.node.plan.QosClass;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests and limits as the kernel takes them. */
public final class Resources {
  private static final long PERIOD_MICROS = 100_000;
  private static final long MIN_SHARES = 2;
  private static final long MIN_QUOTA_MICROS = 1_000;

  private Resources() {}

  /** The bounds of one container. */
  public static LinuxResources of(PodFacts facts, Container container) {
    return new LinuxResources(
        PERIOD_MICROS,
        quota(limit(container, "cpu", true)),
        shares(request(container, "cpu", true)),
        limit(container, "memory", false),
        oomScore(facts, container),
        "",
        "");
  }

  private static long quota(long milliCpu) {
    return milliCpu == 0 ? 0 : Math.max(MIN_QUOTA_MICROS, milliCpu * PERIOD_MICROS / 1000);
  }

  private static long shares(long milliCpu) {
    return Math.max(MIN_SHARES, milliCpu * 1024 / 1000);
  }

  static long limit(Container container, String name, boolean milli) {
    return limit(container.resources(), name, milli);
  }

  private static long limit(@Nullable ResourceRequirements asked, String name, boolean milli) {
    return asked == null ? 0 : amount(asked.limits().get(name), milli);
  }

  static long request(Container container, String name, boolean milli) {
    return request(container.resources(), name, milli);
  }

  private static long request(@Nullable ResourceRequirements asked, String name, boolean milli) {
    if (asked == null) {
      return 0;
    }
    Quantity request = asked.requests().get(name);
    return amount(request == null ? asked.limits().get(name) : request, milli);
  }

  private static long amount(@Nullable Quantity quantity, boolean milli) {
    return quantity == null ? 0 : milli ? quantity.milliValue() : quantity.value();
  }

  /** Guaranteed pods are killed last; burstable ones the earlier the less memory they asked for. */
  static int oomScore(PodFacts facts, Container container) {
    if (facts.pod().spec().priorityOr(0) >= 2_000_000_000) {
      return -997;
    }
    return switch (QosClass.of(facts.pod())) {
      case GUARANTEED -> -997;
      case BEST_EFFORT -> 1000;
      case BURSTABLE -> {
        long request = request(container, "memory", false);
        long score = 1000 - 1000 * request / Math.max(1, facts.node().memoryBytes());
        yield Math.clamp(score, 3, 999);
      }
    };
  }

  /** Where the pod's group is: by class of service, guaranteed ones at the root. */
  public static CgroupPath cgroup(PodFacts facts) {
    CgroupPath root = new CgroupPath(facts.node().cgroupRoot());
    CgroupPath parent =
        switch (QosClass.of(facts.pod())) {
          case GUARANTEED -> root;
          case BURSTABLE -> root.child("burstable");
          case BEST_EFFORT -> root.child("besteffort");
        };
    return parent.child("pod" + facts.uid());
  }

  /**
   * The bounds of the whole pod: those that it names itself, else the sum of its containers', with
   * limits only where every container has one.
   */
  public static CgroupLimits podLimits(Pod pod, long maxPids) {
    List<Container> mains = pod.spec().containers();
    List<Container> sidecars =
        pod.spec().initContainers().stream().filter(PodContainers::isSidecar).toList();
    List<Container> all =
        java.util.stream.Stream.concat(mains.stream(), sidecars.stream()).toList();
    boolean cpu = all.stream().allMatch(c -> limit(c, "cpu", true) > 0);
    boolean memory = all.stream().allMatch(c -> limit(c, "memory", false) > 0);
    long shares = all.stream().mapToLong(c -> request(c, "cpu", true)).sum();
    long cpuLimit = cpu ? most(pod, all, "cpu", true) : 0;
    long memoryLimit = memory ? most(pod, all, "memory", false) : 0;
    ResourceRequirements whole = pod.spec().resources();
    shares = orElse(request(whole, "cpu", true), shares);
    cpuLimit = orElse(limit(whole, "cpu", true), cpuLimit);
    memoryLimit = orElse(limit(whole, "memory", false), memoryLimit);
    return new CgroupLimits(shares(shares), quota(cpuLimit), PERIOD_MICROS, memoryLimit, maxPids);
  }

  private static long orElse(long amount, long other) {
    return amount > 0 ? amount : other;
  }

  private static long most(Pod pod, List<Container> all, String name, boolean milli) {
    long together = all.stream().mapToLong(c -> limit(c, name, milli)).sum();
    long init =
        pod.spec().initContainers().stream().mapToLong(c -> limit(c, name, milli)).max().orElse(0);
    boolean open = pod.spec().initContainers().stream().anyMatch(c -> limit(c, name, milli) == 0);
    return open && !pod.spec().initContainers().isEmpty() ? 0 : Math.max(together, init);
  }
}
