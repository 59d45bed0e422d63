package dev.kapell.host.runtime;

import java.util.List;
import java.util.Map;

/**
 * What a container shall be (CRI {@code ContainerConfig}).
 *
 * @param name unique in the pod
 * @param attempt the restart count
 * @param image what {@link Images#pull} returned, or any name {@link Images#find} knows
 * @param command replaces the image's entry point; empty: the image's
 * @param args replaces the image's arguments; empty: the image's when {@code command} is empty too
 * @param workingDir empty: the image's
 * @param env in order, on top of the image's
 * @param logPath relative to the sandbox's log directory; lines {@code TIME stdout|stderr F|P TEXT}
 * @param io stdin and terminal
 */
public record ContainerSpec(
    String name,
    int attempt,
    String image,
    List<String> command,
    List<String> args,
    String workingDir,
    Map<String, String> env,
    List<ContainerMount> mounts,
    List<Device> devices,
    Map<String, String> labels,
    Map<String, String> annotations,
    String logPath,
    ContainerIo io,
    LinuxResources resources,
    ContainerSecurity security) {

  /** Stdin and terminal of the first process. */
  public record ContainerIo(boolean stdin, boolean stdinOnce, boolean tty) {
    /** Neither. */
    public static final ContainerIo NONE = new ContainerIo(false, false, false);
  }

  /**
   * A device node of the host.
   *
   * @param permissions letters of {@code rwm}
   */
  public record Device(String hostPath, String containerPath, String permissions) {}

  /** Copies the collections; the order of {@code env} is kept. */
  public ContainerSpec {
    command = List.copyOf(command);
    args = List.copyOf(args);
    env = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(env));
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** The plainest container: the image's own command, log {@code name/attempt.log}. */
  public static ContainerSpec of(String name, int attempt, String image) {
    return new ContainerSpec(
        name,
        attempt,
        image,
        List.of(),
        List.of(),
        "",
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        name + "/" + attempt + ".log",
        ContainerIo.NONE,
        LinuxResources.NONE,
        ContainerSecurity.DEFAULT);
  }

  /** A copy with this command and no arguments. */
  public ContainerSpec withCommand(String... value) {
    return withCommand(List.of(value), List.of());
  }

  /** A copy with this command and arguments. */
  public ContainerSpec withCommand(List<String> value, List<String> arguments) {
    return new ContainerSpec(
        name,
        attempt,
        image,
        value,
        arguments,
        workingDir,
        env,
        mounts,
        devices,
        labels,
        annotations,
        logPath,
        io,
        resources,
        security);
  }

  /** A copy with this environment. */
  public ContainerSpec withEnv(Map<String, String> value) {
    return new ContainerSpec(
        name,
        attempt,
        image,
        command,
        args,
        workingDir,
        value,
        mounts,
        devices,
        labels,
        annotations,
        logPath,
        io,
        resources,
        security);
  }

  /** A copy with these mounts. */
  public ContainerSpec withMounts(List<ContainerMount> value) {
    return new ContainerSpec(
        name,
        attempt,
        image,
        command,
        args,
        workingDir,
        env,
        value,
        devices,
        labels,
        annotations,
        logPath,
        io,
        resources,
        security);
  }

  /** A copy with these labels. */
  public ContainerSpec withLabels(Map<String, String> value) {
    return new ContainerSpec(
        name,
        attempt,
        image,
        command,
        args,
        workingDir,
        env,
        mounts,
        devices,
        value,
        annotations,
        logPath,
        io,
        resources,
        security);
  }

  /** A copy with these annotations. */
  public ContainerSpec withAnnotations(Map<String, String> value) {
    return new ContainerSpec(
        name,
        attempt,
        image,
        command,
        args,
        workingDir,
        env,
        mounts,
        devices,
        labels,
        value,
        logPath,
        io,
        resources,
        security);
  }

  /** A copy with this stdin and terminal. */
  public ContainerSpec withIo(ContainerIo value) {
    return new ContainerSpec(
        name,
        attempt,
        image,
        command,
        args,
        workingDir,
        env,
        mounts,
        devices,
        labels,
        annotations,
        logPath,
        value,
        resources,
        security);
  }

  /** A copy with these limits. */
  public ContainerSpec withResources(LinuxResources value) {
    return new ContainerSpec(
        name,
        attempt,
        image,
        command,
        args,
        workingDir,
        env,
        mounts,
        devices,
        labels,
        annotations,
        logPath,
        io,
        value,
        security);
  }

  /** A copy with this security. */
  public ContainerSpec withSecurity(ContainerSecurity value) {
    return new ContainerSpec(
        name,
        attempt,
        image,
        command,
        args,
        workingDir,
        env,
        mounts,
        devices,
        labels,
        annotations,
        logPath,
        io,
        resources,
        value);
  }
}
