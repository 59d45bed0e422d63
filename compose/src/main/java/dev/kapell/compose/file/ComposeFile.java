package dev.kapell.compose.file;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a Compose file asks for, with every default filled in.
 *
 * @param project the project's name
 * @param services by name, in the order of the file
 * @param volumes named volumes by name; the value is the name of the directory
 * @param warnings what a person should know, one sentence each
 */
public record ComposeFile(
    String project,
    Map<String, Service> services,
    Map<String, Volume> volumes,
    List<String> warnings) {
  /** Copies, keeping the order. */
  public ComposeFile {
    services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
    volumes = Collections.unmodifiableMap(new LinkedHashMap<>(volumes));
    warnings = List.copyOf(warnings);
  }

  /**
   * A service.
   *
   * @param entrypoint empty: the image's
   * @param command empty: the image's
   * @param environment in the order of the file, {@code env_file} first
   * @param replicas how many containers
   * @param user user and group id; empty: the image's
   * @param grace how long a stop may take
   * @param update how it is updated; empty when it does not say
   */
  public record Service(
      String name,
      Place place,
      String image,
      List<String> entrypoint,
      List<String> command,
      Map<String, String> environment,
      Map<String, String> labels,
      List<Port> ports,
      List<Mount> mounts,
      Optional<Healthcheck> healthcheck,
      List<Dependency> dependencies,
      Restart restart,
      int replicas,
      Optional<User> user,
      Optional<String> workingDirectory,
      Optional<String> hostname,
      Optional<String> containerName,
      Optional<String> pullPolicy,
      Duration grace,
      Optional<Update> update,
      Options options) {
    /** Copies, keeping the order. */
    public Service {
      entrypoint = List.copyOf(entrypoint);
      command = List.copyOf(command);
      environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
      labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
      ports = List.copyOf(ports);
      mounts = List.copyOf(mounts);
      dependencies = List.copyOf(dependencies);
    }
  }

  /** Smaller switches of a container. */
  public record Options(
      boolean stdin,
      boolean tty,
      boolean privileged,
      boolean readOnly,
      List<String> addedCapabilities,
      List<String> droppedCapabilities,
      Map<String, String> extraHosts,
      Optional<String> memoryLimit,
      Optional<String> cpuLimit) {
    /** Copies. */
    public Options {
      addedCapabilities = List.copyOf(addedCapabilities);
      droppedCapabilities = List.copyOf(droppedCapabilities);
      extraHosts = Collections.unmodifiableMap(new LinkedHashMap<>(extraHosts));
    }
  }

  /** Numeric ids; {@code group} empty: the image's. */
  public record User(long user, Optional<Long> group) {}

  /** A volume: {@code directory} is its name on disk; an external one was made by somebody else. */
  public record Volume(String directory, boolean external) {}

  /**
   * How a service is updated.
   *
   * @param parallelism how many containers at once; 0 for all
   * @param startFirst a new one starts before an old one stops
   * @param watched how long a new one has to be well before the next
   * @param rollsBack an update that fails is undone
   */
  public record Update(int parallelism, boolean startFirst, Duration watched, boolean rollsBack) {}

  /** When a container that ended starts again. */
  public enum Restart {
    /** Never. */
    NO,
    /** When it failed. */
    ON_FAILURE,
    /** Always. */
    ALWAYS
  }

  /**
   * A published port.
   *
   * @param hostAddress empty: every address of the machine
   * @param published the machine's port; 0: one that is free
   * @param protocol {@code tcp}, {@code udp} or {@code sctp}
   */
  public record Port(String hostAddress, int published, int target, String protocol) {}

  /** Something mounted at {@code target}. */
  public record Mount(Source source, String target, boolean readOnly) {}

  /** What is mounted. */
  public sealed interface Source {
    /** The named volume {@code volume}. */
    record Named(String volume) implements Source {}

    /** An absolute path of the machine; {@code create}: it is missing and becomes a directory. */
    record Bind(String path, boolean create) implements Source {}

    /** An empty directory that goes with the container; in memory when {@code memory}. */
    record Scratch(boolean memory) implements Source {}
  }

  /** A command that says whether the container is well. */
  public record Healthcheck(
      List<String> command,
      Duration interval,
      Duration timeout,
      int retries,
      Duration startPeriod) {
    /** Copies the command. */
    public Healthcheck {
      command = List.copyOf(command);
    }
  }

  /**
   * What has to be before a service starts.
   *
   * @param required whether the service may not start without
   */
  public record Dependency(String service, Condition condition, boolean required) {}

  /** What is asked of another service. */
  public enum Condition {
    /** Its containers run. */
    STARTED("service_started"),
    /** Its health checks pass. */
    HEALTHY("service_healthy"),
    /** Its containers ended with exit code 0. */
    COMPLETED("service_completed_successfully");

    private final String word;

    Condition(String word) {
      this.word = word;
    }

    /** Compose's word for it. */
    public String word() {
      return word;
    }
  }
}
