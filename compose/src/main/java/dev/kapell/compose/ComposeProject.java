package dev.kapell.compose;

import dev.kapell.api.ApiObject;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.compose.file.ComposeFailure;
import dev.kapell.compose.file.ComposeFile;
import dev.kapell.compose.file.ComposeFile.Condition;
import dev.kapell.compose.file.ComposeFile.Dependency;
import dev.kapell.compose.file.ComposeFile.Healthcheck;
import dev.kapell.compose.file.ComposeFile.Service;
import dev.kapell.compose.file.ComposeFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Compose file as API objects: one namespace {@code compose-<project>} with everything in it.
 * Immutable.
 *
 * <p>To bring it up: create {@link #namespaceObject()}, then go through {@link #steps()} in order,
 * each once its requirements are met. Objects with {@link #PROJECT_LABEL} that are in no step are
 * left over from an earlier file. To take it down: delete the namespace, and with {@code -v} the
 * directories of {@link #ownVolumes()}.
 */
public final class ComposeProject {
  /** On every object: the project's name. */
  public static final String PROJECT_LABEL = "kapell.dev/compose-project";

  /** On every object but the namespace: the service's name. */
  public static final String SERVICE_LABEL = "kapell.dev/compose-service";

  /** On every pod: changes when, and only when, the container has to be made anew. */
  public static final String HASH = "kapell.dev/compose-hash";

  private final ComposeFile file;
  private final List<Step> steps;
  private final List<Path> ownVolumes;

  private ComposeProject(ComposeFile file, Path volumesDirectory) {
    this.file = file;
    ServiceObjects objects =
        new ServiceObjects(file, namespace(), new PodSpecs(file, volumesDirectory));
    this.steps =
        inOrder(file).stream()
            .map(
                service ->
                    new Step(
                        service.name(),
                        requirements(service),
                        objects.of(service),
                        service.replicas()))
            .toList();
    this.ownVolumes =
        file.volumes().values().stream()
            .filter(volume -> !volume.external())
            .map(volume -> volumesDirectory.resolve(volume.directory()))
            .toList();
  }

  /**
   * Where a project comes from.
   *
   * @param file the file, or its directory
   * @param environment the caller's variables; {@code .env} beside the file fills the gaps
   * @param projectName what {@code -p} says
   * @param volumesDirectory where named volumes live on the machine, absolute
   */
  public record Source(
      Path file,
      Map<String, String> environment,
      Optional<String> projectName,
      Path volumesDirectory) {
    /** Copies the variables. */
    public Source {
      environment = Map.copyOf(environment);
    }
  }

  /** Reads a project. Throws {@link ComposeFailure}, whose message names file, line and remedy. */
  public static ComposeProject load(Source source) {
    return new ComposeProject(
        ComposeFiles.load(source.file(), source.environment(), source.projectName()),
        source.volumesDirectory());
  }

  /** The project's name. */
  public String name() {
    return file.project();
  }

  /** Where its objects live. */
  public String namespace() {
    return namespaceOf(file.project());
  }

  /** Where the objects of a project live, for commands without the file. */
  public static String namespaceOf(String project) {
    return "compose-" + project;
  }

  /** The namespace to create first. */
  public Namespace namespaceObject() {
    return Namespace.builder()
        .metadata(
            ObjectMeta.builder()
                .name(namespace())
                .labels(Map.of(PROJECT_LABEL, file.project()))
                .build())
        .build();
  }

  /** What a person should know before, one sentence each. */
  public List<String> warnings() {
    return file.warnings();
  }

  /** What the file asks for. */
  public ComposeFile file() {
    return file;
  }

  /** The services, each behind those that it depends on. */
  public List<Step> steps() {
    return steps;
  }

  /** The objects of all steps, in order, without the namespace. */
  public List<ApiObject> objects() {
    return steps.stream().flatMap(step -> step.objects().stream()).toList();
  }

  /** The directories that hold the project's own named volumes. */
  public List<Path> ownVolumes() {
    return ownVolumes;
  }

  private static List<Service> inOrder(ComposeFile file) {
    Set<String> done = new LinkedHashSet<>();
    file.services().keySet().forEach(name -> visit(name, file, done));
    List<Service> ordered = new ArrayList<>();
    Map<String, Service> services = new LinkedHashMap<>(file.services());
    done.forEach(name -> Optional.ofNullable(services.get(name)).ifPresent(ordered::add));
    return ordered;
  }

  /** Depth first; the file was checked to have no circle. */
  private static void visit(String name, ComposeFile file, Set<String> done) {
    Service service = file.services().get(name);
    if (service == null || done.contains(name)) {
      return;
    }
    service.dependencies().forEach(dependency -> visit(dependency.service(), file, done));
    done.add(name);
  }

  private List<Requirement> requirements(Service service) {
    List<Requirement> requirements = new ArrayList<>();
    for (Dependency dependency : service.dependencies()) {
      Service other = file.services().get(dependency.service());
      if (other != null) {
        requirements.add(
            new Requirement(
                other.name(),
                dependency.condition(),
                other.replicas(),
                patience(dependency.condition(), other),
                dependency.required()));
      }
    }
    return requirements;
  }

  /** A check that has failed as often as it may, plus its start period; for the rest no limit. */
  private static Duration patience(Condition condition, Service other) {
    if (condition != Condition.HEALTHY || other.healthcheck().isEmpty()) {
      return Duration.ofDays(1);
    }
    Healthcheck check = other.healthcheck().get();
    return check
        .startPeriod()
        .plus(check.interval().plus(check.timeout()).multipliedBy(check.retries() + 1L));
  }
}
