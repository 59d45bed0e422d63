package dev.kapell.host.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a sandbox shall be (CRI {@code PodSandboxConfig}).
 *
 * @param pod whose it is
 * @param hostname empty with the host's network
 * @param logDirectory where container logs go; exists before the call
 * @param dns what {@code /etc/resolv.conf} says
 * @param ports host ports
 * @param labels found again in lists, chosen by the caller
 * @param annotations handed to CNI plugins and found again in lists
 * @param cgroupParent path below the hierarchy's root, {@code /kubepods/burstable/pod<uid>}; empty
 *     for the runtime's own choice
 * @param namespaces which are shared with the host or among the pod's containers
 * @param security of the pause process, and the bounds of the containers
 * @param sysctls set in the sandbox's namespaces
 * @param runtimeHandler empty for the default
 */
public record SandboxSpec(
    PodIdentity pod,
    String hostname,
    Path logDirectory,
    DnsConfig dns,
    List<PortMapping> ports,
    Map<String, String> labels,
    Map<String, String> annotations,
    String cgroupParent,
    NamespaceOptions namespaces,
    SandboxSecurity security,
    Map<String, String> sysctls,
    String runtimeHandler) {

  /** Copies the collections. */
  public SandboxSpec {
    ports = List.copyOf(ports);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
    sysctls = Map.copyOf(sysctls);
  }

  /** The plainest sandbox: a network of its own, its name as host name, nothing else. */
  public static Builder builder(PodIdentity pod, Path logDirectory) {
    return new Builder(pod, logDirectory);
  }

  /** The same, to be changed. */
  public Builder toBuilder() {
    Builder builder = new Builder(pod, logDirectory);
    builder.hostname = hostname;
    builder.dns = dns;
    builder.ports = ports;
    builder.labels = labels;
    builder.annotations = annotations;
    builder.cgroupParent = cgroupParent;
    builder.namespaces = namespaces;
    builder.security = security;
    builder.sysctls = sysctls;
    builder.runtimeHandler = runtimeHandler;
    return builder;
  }

  /** Puts one together; what is not said stays plain. One thread. */
  public static final class Builder {
    private final PodIdentity pod;
    private String hostname;
    private final Path logDirectory;
    private DnsConfig dns = DnsConfig.NONE;
    private List<PortMapping> ports = List.of();
    private Map<String, String> labels = Map.of();
    private Map<String, String> annotations = Map.of();
    private String cgroupParent = "";
    private NamespaceOptions namespaces = NamespaceOptions.POD;
    private SandboxSecurity security = SandboxSecurity.DEFAULT;
    private Map<String, String> sysctls = Map.of();
    private String runtimeHandler = "";

    private Builder(PodIdentity pod, Path logDirectory) {
      this.pod = pod;
      this.logDirectory = logDirectory;
      this.hostname = pod.name();
    }

    /** Its host name; empty with the host's network. */
    public Builder hostname(String value) {
      hostname = value;
      return this;
    }

    /** What {@code /etc/resolv.conf} says. */
    public Builder dns(DnsConfig value) {
      dns = value;
      return this;
    }

    /** Host ports. */
    public Builder ports(List<PortMapping> value) {
      ports = value;
      return this;
    }

    /** Found again in lists. */
    public Builder labels(Map<String, String> value) {
      labels = value;
      return this;
    }

    /** Handed to CNI plugins. */
    public Builder annotations(Map<String, String> value) {
      annotations = value;
      return this;
    }

    /** The cgroup below which it runs. */
    public Builder cgroupParent(String value) {
      cgroupParent = value;
      return this;
    }

    /** Which are shared. */
    public Builder namespaces(NamespaceOptions value) {
      namespaces = value;
      return this;
    }

    /** Of the pause process, and the bounds of the containers. */
    public Builder security(SandboxSecurity value) {
      security = value;
      return this;
    }

    /** Set in its namespaces. */
    public Builder sysctls(Map<String, String> value) {
      sysctls = value;
      return this;
    }

    /** The runtime handler. */
    public Builder runtimeHandler(String value) {
      runtimeHandler = value;
      return this;
    }

    /** What was said. */
    public SandboxSpec build() {
      return new SandboxSpec(
          pod,
          hostname,
          logDirectory,
          dns,
          ports,
          labels,
          annotations,
          cgroupParent,
          namespaces,
          security,
          sysctls,
          runtimeHandler);
    }
  }
}
