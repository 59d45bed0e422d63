package dev.kapell.apiserver.authorization;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.rbac.v1.ClusterRole;
import dev.kapell.api.rbac.v1.ClusterRoleBinding;
import dev.kapell.api.rbac.v1.Role;
import dev.kapell.api.rbac.v1.RoleBinding;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Listing;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Watch;
import dev.kapell.client.WatchClosedException;
import dev.kapell.client.WatchEvent;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Roles and bindings, kept up to date by four watches. Thread-safe.
 *
 * <p>A change only marks the grants as stale; the next decision builds them anew, so that a burst
 * of changes costs one build.
 */
public final class RoleCache implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final Duration RETRY = Duration.ofMillis(200);

  private final Client client;
  private final Clock clock;
  private final Map<ObjectKey, ClusterRole> clusterRoles = new ConcurrentHashMap<>();
  private final Map<ObjectKey, Role> roles = new ConcurrentHashMap<>();
  private final Map<ObjectKey, ClusterRoleBinding> clusterBindings = new ConcurrentHashMap<>();
  private final Map<ObjectKey, RoleBinding> bindings = new ConcurrentHashMap<>();
  private final RoleAggregation aggregation;
  private final TaskScope watches;
  private volatile boolean stale = true;
  private Grants grants = new Grants(Map.of(), Map.of(), java.util.List.of(), java.util.List.of());

  /** Reads and watches through {@code client}; {@link #start} begins. */
  public RoleCache(Client client, Clock clock) {
    this.client = client;
    this.clock = clock;
    this.aggregation = new RoleAggregation(client);
    this.watches =
        new TaskScope("roles", (task, cause) -> LOG.log(System.Logger.Level.ERROR, task, cause));
  }

  /** Reads everything, then follows the changes. */
  public void start() {
    follow(Types.CLUSTER_ROLE, clusterRoles);
    follow(Types.ROLE, roles);
    follow(Types.CLUSTER_ROLE_BINDING, clusterBindings);
    follow(Types.ROLE_BINDING, bindings);
  }

  private <T extends ApiObject> void follow(ResourceType<T> type, Map<ObjectKey, T> into) {
    String from = load(type, into);
    watches.start(type.plural(), () -> run(type, into, from));
  }

  private <T extends ApiObject> String load(ResourceType<T> type, Map<ObjectKey, T> into) {
    Listing<T> listing = client.list(type, ListQuery.ALL);
    into.clear();
    for (T object : listing.items()) {
      into.put(ObjectKey.of(object), object);
    }
    changed();
    return listing.resourceVersion();
  }

  private <T extends ApiObject> void run(ResourceType<T> type, Map<ObjectKey, T> into, String start)
      throws InterruptedException {
    String from = start;
    while (!watches.isClosed()) {
      try (Watch<T> watch = client.watch(type, ListQuery.ALL, from)) {
        while (true) {
          from = apply(watch.next(), into, from);
        }
      } catch (WatchClosedException ended) {
        LOG.log(System.Logger.Level.DEBUG, "watch of {0} ended, going on", type);
        clock.sleep(RETRY);
      } catch (ApiFailure failure) {
        LOG.log(System.Logger.Level.DEBUG, "watch of {0} failed, listing again", type);
        clock.sleep(RETRY);
        from = load(type, into);
      }
    }
  }

  private <T extends ApiObject> String apply(
      WatchEvent<T> event, Map<ObjectKey, T> into, String from) {
    return switch (event) {
      case WatchEvent.Added<T>(T object) -> put(object, into);
      case WatchEvent.Modified<T>(T object) -> put(object, into);
      case WatchEvent.Deleted<T>(T object) -> {
        into.remove(ObjectKey.of(object));
        changed();
        yield object.metadata().resourceVersionOr(from);
      }
      case WatchEvent.Bookmark<T>(String revision) -> revision;
    };
  }

  private <T extends ApiObject> String put(T object, Map<ObjectKey, T> into) {
    into.put(ObjectKey.of(object), object);
    changed();
    if (object instanceof ClusterRole) {
      aggregation.refresh(clusterRoles.values());
    }
    return object.metadata().resourceVersionOr("");
  }

  private void changed() {
    stale = true;
  }

  /** Who holds what now. */
  synchronized Grants grants() {
    if (stale) {
      stale = false;
      grants = new Grants(clusterRoles, roles, clusterBindings.values(), bindings.values());
    }
    return grants;
  }

  @Override
  public void close() {
    watches.close();
  }
}
