package dev.kapell.apiserver.authorization;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Types;
import dev.kapell.api.rbac.v1.ClusterRole;
import dev.kapell.api.rbac.v1.ClusterRoleBinding;
import dev.kapell.api.rbac.v1.Role;
import dev.kapell.api.rbac.v1.RoleBinding;
import dev.kapell.apiserver.follow.Follower;
import dev.kapell.base.Clock;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Roles and bindings, kept up to date by four watches. Thread-safe.
 *
 * <p>A change only marks the grants as stale; the next decision builds them anew, so that a burst
 * of changes costs one build.
 */
public final class RoleCache implements AutoCloseable {
  private final Map<ObjectKey, ClusterRole> clusterRoles = new ConcurrentHashMap<>();
  private final Map<ObjectKey, Role> roles = new ConcurrentHashMap<>();
  private final Map<ObjectKey, ClusterRoleBinding> clusterBindings = new ConcurrentHashMap<>();
  private final Map<ObjectKey, RoleBinding> bindings = new ConcurrentHashMap<>();
  private final RoleAggregation aggregation;
  private final Follower follower;
  private volatile boolean stale = true;
  private Grants grants = new Grants(Map.of(), Map.of(), List.of(), List.of());

  /** Reads and watches through {@code client}; {@link #start} begins. */
  public RoleCache(Client client, Clock clock) {
    this.aggregation = new RoleAggregation(client);
    this.follower = new Follower(client, clock, "roles");
  }

  /** Reads everything, then follows the changes. */
  public void start() {
    follower.follow(Types.CLUSTER_ROLE, new Kept<>(clusterRoles, this::clusterRolesChanged));
    follower.follow(Types.ROLE, new Kept<>(roles, this::changed));
    follower.follow(Types.CLUSTER_ROLE_BINDING, new Kept<>(clusterBindings, this::changed));
    follower.follow(Types.ROLE_BINDING, new Kept<>(bindings, this::changed));
  }

  /** A map that is as the store is. */
  private record Kept<T extends ApiObject>(Map<ObjectKey, T> map, Runnable changed)
      implements Follower.Sink<T> {
    @Override
    public void reset(List<T> all) {
      map.clear();
      all.forEach(object -> map.put(ObjectKey.of(object), object));
      changed.run();
    }

    @Override
    public void put(T object) {
      map.put(ObjectKey.of(object), object);
      changed.run();
    }

    @Override
    public void remove(ObjectKey key) {
      map.remove(key);
      changed.run();
    }
  }

  private void clusterRolesChanged() {
    changed();
    aggregation.refresh(clusterRoles.values());
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
    follower.close();
  }
}
