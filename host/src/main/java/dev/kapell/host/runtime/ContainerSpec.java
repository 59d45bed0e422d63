package dev.kapell.host.runtime;

import java.util.Collections;
import java.util.LinkedHashMap;
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
    env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** The plainest container: the image's own command, log {@code name/attempt.log}. */
  public static Builder builder(String name, int attempt, String image) {
    return new Builder(name, attempt, image);
  }

  /** The same, to be changed. */
  public Builder toBuilder() {
    Builder builder = new Builder(name, attempt, image);
    builder.command = command;
    builder.args = args;
    builder.workingDir = workingDir;
    builder.env = env;
    builder.mounts = mounts;
    builder.devices = devices;
    builder.labels = labels;
    builder.annotations = annotations;
    builder.logPath = logPath;
    builder.io = io;
    builder.resources = resources;
    builder.security = security;
    return builder;
  }

  /** Puts one together; what is not said stays plain. One thread. */
  public static final class Builder {
    private final String name;
    private final int attempt;
    private final String image;
    private List<String> command = List.of();
    private List<String> args = List.of();
    private String workingDir = "";
    private Map<String, String> env = Map.of();
    private List<ContainerMount> mounts = List.of();
    private List<Device> devices = List.of();
    private Map<String, String> labels = Map.of();
    private Map<String, String> annotations = Map.of();
    private String logPath;
    private ContainerIo io = ContainerIo.NONE;
    private LinuxResources resources = LinuxResources.NONE;
    private ContainerSecurity security = ContainerSecurity.DEFAULT;

    private Builder(String name, int attempt, String image) {
      this.name = name;
      this.attempt = attempt;
      this.image = image;
      this.logPath = name + "/" + attempt + ".log";
    }

    /** Where it starts. */
    public Builder workingDir(String value) {
      workingDir = value;
      return this;
    }

    /** Its variables, in order. */
    public Builder env(Map<String, String> value) {
      env = value;
      return this;
    }

    /** What it sees of the host. */
    public Builder mounts(List<ContainerMount> value) {
      mounts = value;
      return this;
    }

    /** Device nodes of the host. */
    public Builder devices(List<Device> value) {
      devices = value;
      return this;
    }

    /** Found again in lists. */
    public Builder labels(Map<String, String> value) {
      labels = value;
      return this;
    }

    /** Found again in its status. */
    public Builder annotations(Map<String, String> value) {
      annotations = value;
      return this;
    }

    /** Stdin and terminal. */
    public Builder io(ContainerIo value) {
      io = value;
      return this;
    }

    /** Its limits. */
    public Builder resources(LinuxResources value) {
      resources = value;
      return this;
    }

    /** What it may. */
    public Builder security(ContainerSecurity value) {
      security = value;
      return this;
    }

    /** A command without arguments. */
    public Builder command(String... value) {
      return command(List.of(value), List.of());
    }

    /** A command and its arguments; of what is empty, the image's. */
    public Builder command(List<String> value, List<String> arguments) {
      command = value;
      args = arguments;
      return this;
    }

    /** What was said. */
    public ContainerSpec build() {
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
          security);
    }
  }
}
