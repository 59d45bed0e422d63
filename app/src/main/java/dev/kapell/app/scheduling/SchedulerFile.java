package dev.kapell.app.scheduling;

import dev.kapell.apiserver.tree.Settings;
import dev.kapell.base.Backoff;
import dev.kapell.scheduler.SchedulerOptions;
import dev.kapell.scheduler.extender.ExtenderOptions;
import dev.kapell.scheduler.extender.HttpExtenders;
import dev.kapell.scheduler.profile.Profile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A {@code KubeSchedulerConfiguration}. What Kapell does not do is refused, with what to do about
 * it. Immutable.
 */
public final class SchedulerFile {
  private static final Set<String> VERSIONS = Set.of("kubescheduler.config.k8s.io/v1");

  /** Fields of Kubernetes that say nothing to a scheduler inside the server. */
  private static final Map<String, String> MEANINGLESS =
      Map.of(
          "leaderElection", "the scheduler runs where the server does, so nobody is elected",
          "clientConnection", "the scheduler needs no connection to the server it is a part of",
          "parallelism", "one thread decides",
          "healthzBindAddress", "the server's own address tells its health",
          "metricsBindAddress", "the server's own address has the metrics",
          "enableProfiling", "there is no profiler to ask",
          "enableContentionProfiling", "there is no profiler to ask",
          "delayCacheUntilActive", "there is one scheduler, and it is active");

  private final List<Profile> profiles;
  private final List<ExtenderOptions> extenders;
  private final Backoff backoff;

  private SchedulerFile(List<Profile> profiles, List<ExtenderOptions> extenders, Backoff backoff) {
    this.profiles = profiles;
    this.extenders = extenders;
    this.backoff = backoff;
  }

  /**
   * Reads {@code file}.
   *
   * @throws Settings.Invalid when something in it is wrong
   */
  public static SchedulerFile read(Path file) throws IOException {
    return of(Settings.read(file, "KubeSchedulerConfiguration", VERSIONS));
  }

  static SchedulerFile parse(String yaml) {
    return of(Settings.parse("scheduler.yaml", yaml, "KubeSchedulerConfiguration", VERSIONS));
  }

  private static SchedulerFile of(Settings settings) {
    MEANINGLESS.forEach(
        (field, why) -> {
          if (settings.has(field)) {
            throw settings.invalid(field, "has no meaning here: " + why + "; remove it");
          }
        });
    settings.only(
        "apiVersion",
        "kind",
        "profiles",
        "extenders",
        "percentageOfNodesToScore",
        "podInitialBackoffSeconds",
        "podMaxBackoffSeconds");
    int initial = settings.number("podInitialBackoffSeconds", 1, 86_400, 1);
    int most = settings.number("podMaxBackoffSeconds", 1, 86_400, Math.max(10, initial));
    if (most < initial) {
      throw settings.invalid("podMaxBackoffSeconds", "must be at least podInitialBackoffSeconds");
    }
    Set<String> ignored = new HashSet<>();
    List<ExtenderOptions> extenders = new ArrayList<>();
    for (Settings extender : settings.list("extenders")) {
      extenders.add(extender(extender, ignored));
    }
    return new SchedulerFile(
        profiles(settings, ignored),
        extenders,
        new Backoff(Duration.ofSeconds(initial), Duration.ofSeconds(most)));
  }

  private static List<Profile> profiles(Settings settings, Set<String> ignored) {
    int percentage = settings.number("percentageOfNodesToScore", 0, 100, 0);
    List<Profile> profiles = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Settings profile : settings.list("profiles")) {
      Profile read = ProfileReader.read(profile, percentage, ignored);
      if (!names.add(read.schedulerName())) {
        throw profile.invalid("schedulerName", "is the name of another profile");
      }
      profiles.add(read);
    }
    if (profiles.isEmpty()) {
      Profile standard = Profile.standard();
      profiles.add(
          new Profile(
              standard.schedulerName(), standard.plugins(), percentage, standard.preemption()));
    }
    return List.copyOf(profiles);
  }

  private static ExtenderOptions extender(Settings settings, Set<String> ignored) {
    for (String field : List.of("preemptVerb", "tlsConfig", "enableHTTPS")) {
      if (settings.has(field)) {
        throw settings.invalid(
            field,
            "is not supported: extenders are asked to filter, prioritize and bind, at the"
                + " address that urlPrefix says; remove it");
      }
    }
    settings.only(
        "urlPrefix",
        "filterVerb",
        "prioritizeVerb",
        "bindVerb",
        "weight",
        "httpTimeout",
        "nodeCacheCapable",
        "managedResources",
        "ignorable");
    Set<String> resources = new HashSet<>();
    for (Settings resource : settings.list("managedResources")) {
      String name = resource.only("name", "ignoredByScheduler").text("name");
      resources.add(name);
      if (resource.flag("ignoredByScheduler", false)) {
        ignored.add(name);
      }
    }
    int weight = settings.number("weight", 0, 1_000_000, 0);
    if (!settings.text("prioritizeVerb").isEmpty() && weight == 0) {
      throw settings.invalid("weight", "must be positive when there is a prioritizeVerb");
    }
    return new ExtenderOptions(
        address(settings),
        settings.text("filterVerb"),
        settings.text("prioritizeVerb"),
        settings.text("bindVerb"),
        weight,
        settings.span("httpTimeout", Duration.ofSeconds(30)),
        settings.flag("nodeCacheCapable", false),
        resources,
        settings.flag("ignorable", false));
  }

  private static URI address(Settings settings) {
    String text = settings.text("urlPrefix");
    if (!text.startsWith("http://") && !text.startsWith("https://")) {
      throw settings.invalid(
          "urlPrefix", "must be an address that starts with http:// or https://");
    }
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw settings.invalid("urlPrefix", "is no address: " + e.getMessage());
    }
  }

  /** The options with what the file says. */
  public SchedulerOptions applyTo(SchedulerOptions options) {
    SchedulerOptions with = options.withProfiles(profiles).withBackoff(backoff);
    return extenders.isEmpty() ? with : with.withExtenders(new HttpExtenders(extenders));
  }

  List<Profile> profiles() {
    return profiles;
  }

  List<ExtenderOptions> extenders() {
    return extenders;
  }
}
