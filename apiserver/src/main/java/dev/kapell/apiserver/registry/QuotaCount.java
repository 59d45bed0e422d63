package dev.kapell.apiserver.registry;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ResourceQuota;
import dev.kapell.apiserver.follow.Follower;
import dev.kapell.apiserver.quota.Quota;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.store.Commit;
import dev.kapell.store.Key;
import dev.kapell.store.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts what is used of a quota when it is new or limits something else; all that follows is
 * counted by the writes themselves, see {@link QuotaAllocations}. Every five minutes all quotas are
 * counted again, in case one was written by an older version.
 */
public final class QuotaCount implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final Duration AGAIN = Duration.ofMinutes(5);
  private static final int TRIES = 100;

  private final Storage storage;
  private final Follower follower;
  private final TaskScope again;
  private final Clock clock;

  QuotaCount(Storage storage, Client client, Clock clock) {
    this.storage = storage;
    this.clock = clock;
    this.follower = new Follower(client, clock, "quota-count");
    this.again =
        new TaskScope(
            "quota-recount", (task, cause) -> LOG.log(System.Logger.Level.ERROR, task, cause));
  }

  /** Begins; returns when every quota was counted. */
  public void start() {
    follower.follow(
        Types.RESOURCE_QUOTA,
        new Follower.Sink<ResourceQuota>() {
          @Override
          public void reset(List<ResourceQuota> all) {
            all.forEach(this::put);
          }

          @Override
          public void put(ResourceQuota quota) {
            ObjectKey key = ObjectKey.of(quota);
            count(new Key(QuotaAllocations.QUOTAS, key.namespace() + "/" + key.name()), false);
          }

          @Override
          public void remove(ObjectKey key) {
            // nothing to count
          }
        });
    again.start("all", this::recount);
  }

  private void recount() throws InterruptedException {
    while (!again.isClosed()) {
      clock.sleep(AGAIN);
      List<Key> keys;
      try (var entries = storage.snapshot().list(QuotaAllocations.QUOTAS, "", "")) {
        keys = entries.map(entry -> entry.key()).toList();
      }
      keys.forEach(key -> count(key, true));
    }
  }

  private void count(Key key, boolean evenIfCurrent) {
    try {
      for (int tries = 0; tries < TRIES && !tryCount(key, evenIfCurrent); tries++) {
        LOG.log(System.Logger.Level.DEBUG, "quota {0} changed while it was counted", key.path());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** False when somebody else wrote the quota in between. */
  private boolean tryCount(Key key, boolean evenIfCurrent) throws InterruptedException {
    Snapshot snapshot = storage.snapshot();
    Optional<Stored> found = snapshot.get(key).map(Stored::of);
    if (found.isEmpty()) {
      return true;
    }
    Obj object = found.get().object();
    Quota quota = new Quota(object);
    if (quota.used().isPresent() && !evenIfCurrent) {
      return true;
    }
    String namespace = object.child("metadata").text("namespace");
    Map<String, Object> status = quota.status(QuotaAllocations.count(quota, namespace, snapshot));
    if (status.equals(object.child("status").map())) {
      return true;
    }
    object.put("status", status);
    Commit commit =
        storage.commit(Storage.put(key, object, found.get().entry().revision()), List.of());
    return commit instanceof Commit.Done;
  }

  @Override
  public void close() {
    again.close();
    follower.close();
  }
}
