package dev.kapell.compose.file;

import dev.kapell.compose.file.ComposeFile.Condition;
import dev.kapell.compose.file.ComposeFile.Dependency;
import dev.kapell.compose.file.ComposeFile.Restart;
import dev.kapell.compose.file.ComposeFile.Service;
import dev.kapell.compose.file.ComposeFile.Volume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads Compose files. Stateless. */
public final class ComposeFiles {
  /** The names that are looked for in a directory, in this order. */
  public static final List<String> NAMES =
      List.of("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml");

  private static final int MAX_PROJECT = 50;

  private ComposeFiles() {}

  /**
   * Reads a file and whatever it names.
   *
   * @param file the file, or a directory with one of the {@link #NAMES}
   * @param environment the caller's variables; {@code .env} beside the file fills the gaps
   * @param projectName what the command line says
   * @throws ComposeFailure that names the file and line
   */
  public static ComposeFile load(
      Path file, Map<String, String> environment, Optional<String> projectName) {
    Path found = find(file);
    ProjectFiles files =
        new ProjectFiles(
            Optional.ofNullable(found.toAbsolutePath().normalize().getParent()).orElseThrow());
    Map<String, String> variables = new HashMap<>();
    files
        .read(".env")
        .ifPresent(text -> variables.putAll(EnvFile.parse(".env", text, environment)));
    variables.putAll(environment);
    String text =
        files
            .read(found.toAbsolutePath().toString())
            .orElseThrow(() -> new ComposeFailure("there is no file " + found));
    return new Reading(files, found.toString(), variables).read(text, projectName);
  }

  private static Path find(Path path) {
    if (!Files.isDirectory(path)) {
      return path;
    }
    return NAMES.stream()
        .map(path::resolve)
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(
            () -> new ComposeFailure("there is no compose.yaml in " + path + "; name one with -f"));
  }

  /** One file being read. */
  private static final class Reading {
    private final ProjectFiles files;
    private final String file;
    private final Interpolation interpolation;

    Reading(ProjectFiles files, String file, Map<String, String> variables) {
      this.files = files;
      this.file = file;
      this.interpolation = new Interpolation(variables);
    }

    ComposeFile read(String text, Optional<String> projectName) {
      Section top = Section.of("", YamlValues.read(file, text, interpolation));
      String project = project(top, projectName);
      top.find("version"); // obsolete; Compose itself does not look at it
      Map<String, Volume> volumes = volumes(top, project);
      Map<String, Service> services = new LinkedHashMap<>();
      Section all = top.section("services");
      all.each(
          name ->
              services.put(
                  name,
                  new ServiceReader(
                          name,
                          all.section(name),
                          new ServiceReader.Surroundings(files, interpolation, volumes.keySet()))
                      .read()));
      top.refuseTheRest(Keys.OF_FILE);
      if (services.isEmpty()) {
        throw new ComposeFailure(top.place(), "there is no service in the file");
      }
      services.values().forEach(service -> check(service, services));
      List<String> warnings = new ArrayList<>(interpolation.warnings());
      return new ComposeFile(project, services, volumes, warnings);
    }

    private String project(Section top, Optional<String> projectName) {
      Optional<String> inFile = top.text("name");
      Optional<String> chosen =
          projectName
              .or(() -> Optional.ofNullable(interpolation.value("COMPOSE_PROJECT_NAME")))
              .filter(name -> !name.isEmpty())
              .or(() -> inFile);
      if (chosen.isEmpty()) {
        Path last = files.directory().getFileName();
        String derived =
            (last == null ? "" : last.toString().toLowerCase(Locale.ROOT))
                .replaceAll("[^a-z0-9_-]", "")
                .replaceAll("^[_-]+", "")
                .replace('_', '-')
                .replaceAll("-+$", "");
        chosen = Optional.of(derived.isEmpty() ? "project" : derived);
      }
      String name = chosen.get();
      if (!name.matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?") || name.length() > MAX_PROJECT) {
        throw new ComposeFailure(
            "the project name \""
                + (name + "\" has to be small letters, digits and -, at most 50; choose with -p"));
      }
      return name;
    }

    private static Map<String, Volume> volumes(Section top, String project) {
      Map<String, Volume> volumes = new LinkedHashMap<>();
      Section all = top.section("volumes");
      all.each(
          name -> {
            Section one = all.section(name);
            boolean external = one.flag("external", false);
            String directory = one.text("name").orElse(external ? name : project + "_" + name);
            one.text("driver")
                .filter(driver -> !driver.equals("local"))
                .ifPresent(
                    driver -> {
                      throw one.refuse("driver", "\"" + driver + "\" is not supported yet");
                    });
            one.pairs("labels");
            one.refuseTheRest(Keys.OF_VOLUME);
            if (!directory.matches("[A-Za-z0-9][A-Za-z0-9_.-]*")) {
              throw new ComposeFailure(
                  one.place(), "\"" + directory + "\" is not a name for a volume");
            }
            volumes.put(name, new Volume(directory, external));
          });
      return volumes;
    }

    private static void check(Service service, Map<String, Service> services) {
      for (Dependency dependency : service.dependencies()) {
        Service other = services.get(dependency.service());
        String who = "services." + service.name() + ".depends_on";
        if (other == null) {
          if (dependency.required()) {
            throw new ComposeFailure(
                service.place(), who + ": there is no service " + dependency.service());
          }
          continue;
        }
        if (dependency.condition() == Condition.HEALTHY && other.healthcheck().isEmpty()) {
          throw new ComposeFailure(
              service.place(), who + ": " + other.name() + " has no healthcheck to wait for");
        }
        if (dependency.condition() == Condition.COMPLETED && other.restart() == Restart.ALWAYS) {
          throw new ComposeFailure(
              service.place(),
              who + ": " + other.name() + " always starts again, it never completes");
        }
      }
      findCircle(service, services, new ArrayList<>());
    }

    private static void findCircle(
        Service service, Map<String, Service> services, List<String> path) {
      if (path.contains(service.name())) {
        path.add(service.name());
        throw new ComposeFailure(
            service.place(), "depends_on runs in a circle: " + String.join(" → ", path));
      }
      List<String> longer = new ArrayList<>(path);
      longer.add(service.name());
      for (Dependency dependency : service.dependencies()) {
        Service next = services.get(dependency.service());
        if (next != null) {
          findCircle(next, services, longer);
        }
      }
    }
  }
}
