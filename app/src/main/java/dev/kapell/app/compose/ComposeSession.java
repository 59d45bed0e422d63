package dev.kapell.app.compose;

import dev.kapell.api.ApiObject;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.app.logs.LogStreams;
import dev.kapell.app.manifest.Applier;
import dev.kapell.app.manifest.Applier.Applied;
import dev.kapell.app.manifest.Applier.Outcome;
import dev.kapell.app.manifest.Manifest;
import dev.kapell.app.progress.PodState;
import dev.kapell.app.progress.Rollout;
import dev.kapell.app.terminal.Columns;
import dev.kapell.app.terminal.Screen;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import dev.kapell.base.Clock;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Listing;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Watch;
import dev.kapell.client.WatchEvent;
import dev.kapell.client.http.Connection;
import dev.kapell.client.http.RemoteClient;
import dev.kapell.compose.ComposeProject;
import dev.kapell.compose.Requirement;
import dev.kapell.compose.Step;
import dev.kapell.host.file.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One Compose project on one cluster. */
public final class ComposeSession {
  private final Connection connection;
  private final Client client;
  private final ComposeProject project;
  private final Screen screen;
  private final Clock clock;

  /** A session that prints to {@code screen}. */
  public ComposeSession(Connection connection, ComposeProject project, Screen screen, Clock clock) {
    this.connection = connection;
    this.client = new RemoteClient(connection);
    this.project = project;
    this.screen = screen;
    this.clock = clock;
  }

  /**
   * Brings every service up, each after what it depends on, and removes what the file no longer
   * has.
   */
  public void up(Duration limit) throws InterruptedException {
    createNamespace();
    List<Applied> all = new ArrayList<>();
    for (Step step : project.steps()) {
      for (Requirement requirement : step.after()) {
        awaitRequirement(requirement, limit);
      }
      List<Applied> applied = apply(step);
      boolean changed = applied.stream().anyMatch(one -> one.outcome() != Outcome.UNCHANGED);
      screen.line(step.service() + (changed ? " started" : " unchanged"));
      all.addAll(applied);
    }
    removeLeftovers(all);
    new Rollout(connection, screen, clock).await(all, limit);
    for (var service : project.file().services().values()) {
      service
          .ports()
          .forEach(
              port ->
                  screen.line(
                      service.name() + ": 127.0.0.1:" + port.published() + " → " + port.target()));
    }
  }

  private void createNamespace() {
    Namespace namespace = project.namespaceObject();
    try {
      client.create(Types.NAMESPACE, namespace);
    } catch (ApiFailure failure) {
      if (!failure.isAlreadyExists()) {
        throw failure;
      }
    }
  }

  private List<Applied> apply(Step step) throws InterruptedException {
    List<Manifest> manifests = new ArrayList<>();
    for (ApiObject object : step.objects()) {
      if (object instanceof Pod pod) {
        replaceIfChanged(pod);
      }
      manifests.add(new Manifest(tree(object), "service " + step.service()));
    }
    return new Applier(connection, project.namespace()).apply(manifests, false);
  }

  @SuppressWarnings("unchecked") // the type found by kind is the object's own
  private static Map<String, Object> tree(ApiObject object) {
    ResourceType<ApiObject> type =
        (ResourceType<ApiObject>)
            Types.find(object.apiVersion(), object.kind())
                .orElseThrow(() -> new IllegalStateException("no type for " + object.kind()));
    return new LinkedHashMap<>(Tree.map(JsonCodec.toTree(type.codec(), object)));
  }

  /** A pod cannot be changed: one made from another configuration is deleted first. */
  private void replaceIfChanged(Pod wanted) throws InterruptedException {
    ObjectKey key = ObjectKey.of(wanted);
    var current = client.find(Types.POD, key);
    if (current.isPresent() && !hash(current.get()).equals(hash(wanted))) {
      client.delete(Types.POD, key, DeleteOptions.EMPTY);
      awaitGone(key);
    }
  }

  private static String hash(Pod pod) {
    return pod.metadata().annotations().getOrDefault(ComposeProject.HASH, "");
  }

  private void awaitGone(ObjectKey key) throws InterruptedException {
    ListQuery query = ListQuery.in(key.namespace()).fields("metadata.name=" + key.name());
    Listing<Pod> listing = client.list(Types.POD, query);
    if (listing.items().isEmpty()) {
      return;
    }
    try (Watch<Pod> watch = client.watch(Types.POD, query, listing.resourceVersion())) {
      awaitDeletion(watch);
    }
  }

  private static void awaitDeletion(Watch<?> watch) throws InterruptedException {
    WatchEvent<?> event = watch.next();
    while (!(event instanceof WatchEvent.Deleted)) {
      event = watch.next();
    }
  }

  private void awaitRequirement(Requirement requirement, Duration limit)
      throws InterruptedException {
    long deadline = clock.nanoTime() + limit.toNanos();
    ListQuery query =
        ListQuery.in(project.namespace())
            .labels(ComposeProject.SERVICE_LABEL + "=" + requirement.service());
    Listing<Pod> listing = client.list(Types.POD, query);
    Map<String, Pod> pods = new LinkedHashMap<>();
    listing.items().forEach(pod -> pods.put(pod.metadata().nameOr(""), pod));
    String shown = "";
    try (Watch<Pod> watch = client.watch(Types.POD, query, listing.resourceVersion());
        Alarm alarm = new Alarm(clock, limit, watch)) {
      while (true) {
        switch (requirement.judge(List.copyOf(pods.values()))) {
          case Requirement.State.Met() -> {
            return;
          }
          case Requirement.State.Failed(String reason) -> {
            if (requirement.required()) {
              throw new UserError(reason);
            }
            return;
          }
          case Requirement.State.Waiting(String reason) -> {
            if (clock.nanoTime() >= deadline || alarm.rang()) {
              throw new UserError("still waiting after " + limit.toSeconds() + " s: " + reason);
            }
            if (!reason.equals(shown)) {
              screen.line("waiting for " + reason);
              shown = reason;
            }
          }
        }
        note(pods, watch.next());
      }
    } catch (dev.kapell.client.WatchClosedException e) {
      throw new UserError(
          "still waiting for " + requirement.service() + " after " + limit.toSeconds() + " s");
    }
  }

  private static void note(Map<String, Pod> pods, WatchEvent<Pod> event) {
    switch (event) {
      case WatchEvent.Added<Pod>(Pod pod) -> pods.put(pod.metadata().nameOr(""), pod);
      case WatchEvent.Modified<Pod>(Pod pod) -> pods.put(pod.metadata().nameOr(""), pod);
      case WatchEvent.Deleted<Pod>(Pod pod) -> pods.remove(pod.metadata().nameOr(""));
      case WatchEvent.Bookmark<Pod> bookmark -> {}
    }
  }

  /** Ends a watch when the time is up. */
  private static final class Alarm implements AutoCloseable {
    private final Clock.Alarm alarm;
    private volatile boolean rang;

    Alarm(Clock clock, Duration limit, Watch<?> watch) {
      this.alarm =
          clock.schedule(
              limit,
              () -> {
                rang = true;
                watch.close();
              });
    }

    boolean rang() {
      return rang;
    }

    @Override
    public void close() {
      alarm.cancel();
    }
  }

  private void removeLeftovers(List<Applied> wanted) {
    Set<String> names = new HashSet<>();
    wanted.forEach(one -> names.add(one.served().kind() + "/" + one.name()));
    removeOthers(Types.DEPLOYMENT, names);
    removeOthers(Types.POD, names);
    removeOthers(Types.SERVICE, names);
  }

  private <T extends ApiObject> void removeOthers(ResourceType<T> type, Set<String> wanted) {
    ListQuery query =
        ListQuery.in(project.namespace())
            .labels(ComposeProject.PROJECT_LABEL + "=" + project.name());
    for (T object : client.list(type, query).items()) {
      String name = object.metadata().nameOr("");
      boolean owned = !object.metadata().ownerReferences().isEmpty();
      if (!owned && !wanted.contains(type.kind() + "/" + name)) {
        client.delete(type, ObjectKey.of(object), DeleteOptions.EMPTY);
        screen.line(type.singular() + "/" + name + " removed: no longer in the file");
      }
    }
  }

  /** Deletes everything of the project and waits until it is gone. */
  public void down(boolean withVolumes) throws InterruptedException {
    ObjectKey key = ObjectKey.cluster(project.namespace());
    ListQuery query = ListQuery.ALL.fields("metadata.name=" + key.name());
    Listing<Namespace> listing = client.list(Types.NAMESPACE, query);
    if (!listing.items().isEmpty()) {
      try (Watch<Namespace> watch =
          client.watch(Types.NAMESPACE, query, listing.resourceVersion())) {
        client.delete(Types.NAMESPACE, key, DeleteOptions.EMPTY);
        awaitDeletion(watch);
      }
      screen.line("project " + project.name() + " removed");
    } else {
      screen.line("project " + project.name() + " does not run");
    }
    if (withVolumes) {
      project.ownVolumes().forEach(this::removeVolume);
    }
  }

  private void removeVolume(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try {
      DirectoryTree.delete(directory);
      screen.line("volume " + directory.getFileName() + " removed");
    } catch (IOException e) {
      throw new UserError("cannot remove the volume " + directory + ": " + e.getMessage());
    }
  }

  private List<Pod> pods() {
    return client
        .list(
            Types.POD,
            ListQuery.in(project.namespace())
                .labels(ComposeProject.PROJECT_LABEL + "=" + project.name()))
        .items();
  }

  /** Prints the project's pods. */
  public void ps() {
    List<List<String>> rows = new ArrayList<>();
    for (Object row : rows()) {
      String waitsFor = Tree.text(row, "waitsFor");
      String state = waitsFor.isEmpty() ? "" : "waits for " + waitsFor;
      rows.add(
          List.of(
              Tree.text(row, "name"),
              Tree.text(row, "service"),
              Tree.text(row, "status"),
              Boolean.TRUE.equals(Tree.at(row, "ready")) ? "ready" : state));
    }
    Columns.lines(List.of("NAME", "SERVICE", "STATUS", ""), rows).forEach(screen::line);
  }

  /** The project's pods, for scripts. */
  public List<Object> rows() {
    List<Object> rows = new ArrayList<>();
    for (Pod pod : pods()) {
      PodState state = PodState.of(tree(pod));
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", pod.metadata().nameOr(""));
      row.put("service", pod.metadata().labels().getOrDefault(ComposeProject.SERVICE_LABEL, ""));
      row.put("status", pod.status().phaseOr("Pending"));
      row.put("ready", state.ready());
      row.put("waitsFor", state.waitingFor());
      rows.add(row);
    }
    return rows;
  }

  /** Prints what the project's containers print; false when some could not be read. */
  public boolean logs(boolean follow) throws InterruptedException {
    Map<String, String> paths = new LinkedHashMap<>();
    for (Pod pod : pods()) {
      String name = pod.metadata().nameOr("");
      paths.put(
          name,
          "/api/v1/namespaces/" + project.namespace() + "/pods/" + name + "/log?follow=" + follow);
    }
    return LogStreams.print(connection, paths);
  }
}
