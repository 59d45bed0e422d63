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
  public static SandboxSpec of(PodIdentity pod, Path logDirectory) {
    return new SandboxSpec(
        pod,
        pod.name(),
        logDirectory,
        DnsConfig.NONE,
        List.of(),
        Map.of(),
        Map.of(),
        "",
        NamespaceOptions.POD,
        SandboxSecurity.DEFAULT,
        Map.of(),
        "");
  }

  /** A copy for another attempt. */
  public SandboxSpec withPod(PodIdentity value) {
    return new SandboxSpec(
        value,
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

  /** A copy with this host name. */
  public SandboxSpec withHostname(String value) {
    return new SandboxSpec(
        pod,
        value,
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

  /** A copy with this DNS configuration. */
  public SandboxSpec withDns(DnsConfig value) {
    return new SandboxSpec(
        pod,
        hostname,
        logDirectory,
        value,
        ports,
        labels,
        annotations,
        cgroupParent,
        namespaces,
        security,
        sysctls,
        runtimeHandler);
  }

  /** A copy with these host ports. */
  public SandboxSpec withPorts(List<PortMapping> value) {
    return new SandboxSpec(
        pod,
        hostname,
        logDirectory,
        dns,
        value,
        labels,
        annotations,
        cgroupParent,
        namespaces,
        security,
        sysctls,
        runtimeHandler);
  }

  /** A copy with these labels. */
  public SandboxSpec withLabels(Map<String, String> value) {
    return new SandboxSpec(
        pod,
        hostname,
        logDirectory,
        dns,
        ports,
        value,
        annotations,
        cgroupParent,
        namespaces,
        security,
        sysctls,
        runtimeHandler);
  }

  /** A copy with these annotations. */
  public SandboxSpec withAnnotations(Map<String, String> value) {
    return new SandboxSpec(
        pod,
        hostname,
        logDirectory,
        dns,
        ports,
        labels,
        value,
        cgroupParent,
        namespaces,
        security,
        sysctls,
        runtimeHandler);
  }

  /** A copy below this cgroup. */
  public SandboxSpec withCgroupParent(String value) {
    return new SandboxSpec(
        pod,
        hostname,
        logDirectory,
        dns,
        ports,
        labels,
        annotations,
        value,
        namespaces,
        security,
        sysctls,
        runtimeHandler);
  }

  /** A copy with these namespaces; with the host's network the host name is dropped. */
  public SandboxSpec withNamespaces(NamespaceOptions value) {
    String host = value.network() == NamespaceOptions.Mode.NODE ? "" : hostname;
    return new SandboxSpec(
        pod,
        host,
        logDirectory,
        dns,
        ports,
        labels,
        annotations,
        cgroupParent,
        value,
        security,
        sysctls,
        runtimeHandler);
  }

  /** A copy with this security. */
  public SandboxSpec withSecurity(SandboxSecurity value) {
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
        value,
        sysctls,
        runtimeHandler);
  }

  /** A copy with these sysctls. */
  public SandboxSpec withSysctls(Map<String, String> value) {
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
        value,
        runtimeHandler);
  }

  /** A copy for this runtime handler. */
  public SandboxSpec withRuntimeHandler(String value) {
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
        value);
  }
}
