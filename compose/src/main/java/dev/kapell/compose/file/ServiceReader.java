package dev.kapell.compose.file;

import dev.kapell.compose.file.ComposeFile.Condition;
import dev.kapell.compose.file.ComposeFile.Dependency;
import dev.kapell.compose.file.ComposeFile.Healthcheck;
import dev.kapell.compose.file.ComposeFile.Mount;
import dev.kapell.compose.file.ComposeFile.Options;
import dev.kapell.compose.file.ComposeFile.Restart;
import dev.kapell.compose.file.ComposeFile.Service;
import dev.kapell.compose.file.ComposeFile.Source;
import dev.kapell.compose.file.ComposeFile.Update;
import dev.kapell.compose.file.ComposeFile.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one service. */
final class ServiceReader {
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);
  private static final Duration DEFAULT_CHECK = Duration.ofSeconds(30);
  private static final int DEFAULT_RETRIES = 3;
  private static final int MAX_NAME = 50;

  private final String name;
  private final Section section;
  private final Surroundings around;

  /**
   * What a service is read with.
   *
   * @param files the directory of the Compose file
   * @param interpolation the variables
   * @param volumes the declared volumes
   */
  record Surroundings(ProjectFiles files, Interpolation interpolation, Set<String> volumes) {}

  ServiceReader(String name, Section section, Surroundings around) {
    this.name = name;
    this.section = section;
    this.around = around;
  }

  Service read() {
    if (!name.matches("[a-z]([a-z0-9-]*[a-z0-9])?") || name.length() > MAX_NAME) {
      throw new ComposeFailure(
          section.place(),
          "the service name \""
              + (name + "\" is not supported yet: use small letters, digits and -, at most 50"));
    }
    Section deploy = section.section("deploy");
    int replicas = replicas(deploy);
    Restart restart = restart();
    List<Mount> mounts = mounts();
    Optional<Update> update = UpdateReader.read(deploy, restart, !mounts.isEmpty());
    deploy.refuseTheRest(Keys.OF_DEPLOY);
    Service service =
        new Service(
            name,
            section.place(),
            image(),
            command("entrypoint"),
            command("command"),
            environment(),
            labels(),
            Ports.read(section.path("ports"), section.items("ports")),
            mounts,
            healthcheck(),
            dependencies(),
            restart,
            replicas,
            user(),
            section.text("working_dir"),
            section.text("hostname"),
            containerName(replicas),
            pullPolicy(),
            section
                .find("stop_grace_period")
                .map(value -> Durations.parse(section.path("stop_grace_period"), value))
                .orElse(DEFAULT_GRACE),
            update,
            options());
    // Every port of a service is open to the others here, as in Compose's own network.
    section.texts("expose");
    section.refuseTheRest(Keys.OF_SERVICE);
    return service;
  }

  private String image() {
    return section
        .text("image")
        .orElseThrow(
            () ->
                section.find("build").isPresent()
                    ? section.refuse("build", "is not supported yet; build the image and name it")
                    : new ComposeFailure(section.place(), section.path("image") + " is missing"));
  }

  private List<String> command(String key) {
    Optional<Value> value = section.find(key);
    if (value.isEmpty()) {
      return List.of();
    }
    List<String> words =
        value.get() instanceof Value.Items
            ? section.texts(key)
            : Words.split(value.get().place(), Section.scalar(section.path(key), value.get()));
    if (words.isEmpty()) {
      throw section.refuse(
          key, "is empty: that is not supported yet; leave it out for the image's");
    }
    return words;
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    for (Value item : section.items("env_file")) {
      environment.putAll(envFile(item));
    }
    section
        .pairs("environment")
        .forEach(
            (key, text) -> {
              String value = text.orElseGet(() -> around.interpolation().value(key));
              if (value != null) {
                environment.put(key, value);
              } else {
                environment.remove(key);
              }
            });
    return environment;
  }

  private Map<String, String> envFile(Value item) {
    String path;
    boolean required = true;
    if (item instanceof Value.Fields) {
      Section file = Section.of(section.path("env_file"), item);
      path =
          file.text("path")
              .orElseThrow(() -> new ComposeFailure(item.place(), "env_file needs a path"));
      required = file.flag("required", true);
      file.refuseTheRest(Set.of("format"));
    } else {
      path = Section.scalar(section.path("env_file"), item);
    }
    Optional<String> text = around.files().read(path);
    if (text.isEmpty() && required) {
      throw new ComposeFailure(
          item.place(), section.path("env_file") + ": there is no file " + path);
    }
    return text.map(found -> EnvFile.parse(path, found, around.interpolation().variables()))
        .orElse(Map.of());
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    section.pairs("labels").forEach((key, text) -> labels.put(key, text.orElse("")));
    for (String key : labels.keySet()) {
      String last = key.substring(key.lastIndexOf('/') + 1);
      if (!last.matches("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")) {
        throw section.refuse(
            "labels", "has the name \"" + key + "\": use letters, digits, . _ -, at most 63");
      }
    }
    return labels;
  }

  private List<Mount> mounts() {
    Mounts reader =
        new Mounts(
            section.path("volumes"),
            around.files().directory(),
            around.interpolation(),
            around.volumes());
    List<Mount> mounts = new ArrayList<>(reader.read(section.items("volumes")));
    for (String target : section.texts("tmpfs")) {
      if (!target.startsWith("/") || target.indexOf(':') >= 0) {
        throw section.refuse("tmpfs", "has to be absolute paths, without options as yet");
      }
      mounts.add(new Mount(new Source.Scratch(true), target, false));
    }
    Set<String> targets = new HashSet<>();
    for (Mount mount : mounts) {
      if (!targets.add(mount.target())) {
        throw section.refuse("volumes", "mounts " + mount.target() + " twice");
      }
    }
    return mounts;
  }

  private Optional<Healthcheck> healthcheck() {
    if (section.find("healthcheck").isEmpty()) {
      return Optional.empty();
    }
    Section check = section.section("healthcheck");
    boolean disabled = check.flag("disable", false);
    Duration interval = duration(check, "interval", DEFAULT_CHECK);
    Duration timeout = duration(check, "timeout", DEFAULT_CHECK);
    Duration startPeriod = duration(check, "start_period", Duration.ZERO);
    int retries = check.number("retries").orElse(DEFAULT_RETRIES);
    Optional<List<String>> test = check.find("test").map(value -> test(check, value));
    check.refuseTheRest(Set.of("start_interval"));
    if (disabled || (test.isPresent() && test.get().isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        new Healthcheck(
            test.orElseThrow(
                () -> section.refuse("healthcheck", "needs a test (the image's is not read yet)")),
            interval,
            timeout,
            Math.max(1, retries),
            startPeriod));
  }

  private static Duration duration(Section check, String key, Duration otherwise) {
    return check.find(key).map(value -> Durations.parse(check.path(key), value)).orElse(otherwise);
  }

  /** The command; empty for NONE. */
  private static List<String> test(Section check, Value value) {
    if (!(value instanceof Value.Items)) {
      return List.of("/bin/sh", "-c", Section.scalar(check.path("test"), value));
    }
    List<String> words = check.texts("test");
    String form = words.isEmpty() ? "" : words.getFirst();
    List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
    return switch (form) {
      case "NONE" -> List.of();
      case "CMD" -> {
        if (rest.isEmpty()) {
          throw check.refuse("test", "names no command after CMD");
        }
        yield rest;
      }
      case "CMD-SHELL" -> List.of("/bin/sh", "-c", String.join(" ", rest));
      default -> throw check.refuse("test", "has to begin with NONE, CMD or CMD-SHELL");
    };
  }

  private List<Dependency> dependencies() {
    List<Dependency> dependencies = new ArrayList<>();
    Optional<Value> value = section.find("depends_on");
    if (value.isPresent() && value.get() instanceof Value.Items) {
      for (String service : section.texts("depends_on")) {
        dependencies.add(new Dependency(service, Condition.STARTED, true));
      }
    } else if (value.isPresent()) {
      Section all = section.section("depends_on");
      all.each(service -> dependencies.add(dependency(service, all.section(service))));
    }
    return dependencies;
  }

  private static Dependency dependency(String service, Section one) {
    String word = one.text("condition").orElse(Condition.STARTED.word());
    boolean required = one.flag("required", true);
    if (one.flag("restart", false)) {
      throw one.refuse("restart", "is not supported yet; remove it to go on without");
    }
    one.refuseTheRest(Set.of());
    for (Condition condition : Condition.values()) {
      if (condition.word().equals(word)) {
        return new Dependency(service, condition, required);
      }
    }
    throw one.refuse(
        "condition",
        "has to be service_started, service_healthy or service_completed_successfully");
  }

  private Restart restart() {
    String word = section.text("restart").orElse("no");
    return switch (word) {
      case "no", "false" -> Restart.NO;
      case "always", "unless-stopped" -> Restart.ALWAYS;
      case "on-failure" -> Restart.ON_FAILURE;
      default ->
          throw section.refuse(
              "restart",
              word.startsWith("on-failure:")
                  ? "with a number of tries is not supported yet; write on-failure"
                  : "has to be no, always, on-failure or unless-stopped");
    };
  }

  private int replicas(Section deploy) {
    Optional<Integer> fromDeploy = deploy.number("replicas");
    deploy
        .text("mode")
        .filter(mode -> !mode.equals("replicated"))
        .ifPresent(
            mode -> {
              throw deploy.refuse("mode", "\"" + mode + "\" is not supported yet");
            });
    Optional<Integer> scale = section.number("scale");
    if (scale.isPresent() && fromDeploy.isPresent() && !scale.equals(fromDeploy)) {
      throw section.refuse("scale", "and deploy.replicas differ");
    }
    return scale.or(() -> fromDeploy).orElse(1);
  }

  private Optional<User> user() {
    return section
        .text("user")
        .map(
            text -> {
              if (!text.matches("[0-9]{1,9}(:[0-9]{1,9})?")) {
                throw section.refuse(
                    "user", "\"" + text + "\": names are not supported yet; write the numbers");
              }
              String[] ids = text.split(":", -1);
              return new User(
                  Long.parseLong(ids[0]),
                  ids.length > 1 ? Optional.of(Long.parseLong(ids[1])) : Optional.empty());
            });
  }

  private Optional<String> containerName(int replicas) {
    Optional<String> found = section.text("container_name");
    if (found.isPresent()) {
      if (replicas > 1) {
        throw section.refuse("container_name", "does not go with more than one replica");
      }
      if (!found.get().matches("[a-z]([a-z0-9-]{0,61}[a-z0-9])?")) {
        throw section.refuse(
            "container_name", "has to be small letters, digits and -, as it becomes a host name");
      }
    }
    return found;
  }

  private Optional<String> pullPolicy() {
    return section
        .text("pull_policy")
        .map(
            word ->
                switch (word) {
                  case "always" -> "Always";
                  case "never" -> "Never";
                  case "missing", "if_not_present" -> "IfNotPresent";
                  default ->
                      throw section.refuse(
                          "pull_policy",
                          "\"" + word + "\" is not supported; always, missing, never");
                });
  }

  private Options options() {
    Map<String, String> hosts = extraHosts();
    return new Options(
        section.flag("stdin_open", false),
        section.flag("tty", false),
        section.flag("privileged", false),
        section.flag("read_only", false),
        section.texts("cap_add"),
        section.texts("cap_drop"),
        hosts,
        section.text("mem_limit").map(this::memory),
        section.text("cpus").map(this::cpus));
  }

  /** {@code name=address} or {@code name:address}. */
  private Map<String, String> extraHosts() {
    Map<String, String> hosts = new LinkedHashMap<>();
    section
        .pairs("extra_hosts")
        .forEach(
            (key, text) -> {
              int colon = text.isPresent() ? key.length() : key.indexOf(':');
              String address = text.orElseGet(() -> key.substring(colon + 1));
              if (colon <= 0 || !Ports.isIpv4(address)) {
                throw section.refuse(
                    "extra_hosts",
                    "has to be name=address (IPv4; host-gateway is not supported yet)");
              }
              hosts.put(key.substring(0, colon), address);
            });
    return hosts;
  }

  /** From Compose's bytes ({@code 512m}, {@code 1gb}) to a quantity. */
  private String memory(String text) {
    if (!text.matches("[0-9]+([bkmg]b?)?")) {
      throw section.refuse("mem_limit", "has to be bytes such as 512m or 1gb");
    }
    String number = text.replaceAll("[^0-9]", "");
    String unit = text.replaceAll("[0-9]", "");
    return number
        + switch (unit.isEmpty() ? 'b' : unit.charAt(0)) {
          case 'k' -> "Ki";
          case 'm' -> "Mi";
          case 'g' -> "Gi";
          default -> "";
        };
  }

  private String cpus(String text) {
    if (!text.matches("[0-9]+(\\.[0-9]{1,3})?|\\.[0-9]{1,3}")) {
      throw section.refuse("cpus", "has to be a number of processors such as 0.5");
    }
    return text.startsWith(".") ? "0" + text : text;
  }
}
