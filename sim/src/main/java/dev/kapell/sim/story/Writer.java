package dev.kapell.sim.story;

/**
 * Those whom laws tell apart, each by the name of the threads on which it writes. That the names
 * are right is a law of its own: {@code WritersKnown}.
 */
public enum Writer {
  /** What the agents of nodes say of their nodes. */
  NODES("simulated-nodes"),
  /** People, by themselves or with a tool. */
  USERS("user/"),
  /** People who drain a node. */
  DRAIN("user/drain"),
  /** The scheduler: bindings, evictions for others. */
  SCHEDULER("binder/"),
  /** The controller of ReplicaSets. */
  REPLICA_SETS("replicaset/"),
  /** The controller of autoscalers. */
  AUTOSCALERS("autoscaling/");

  private final String threads;

  Writer(String threads) {
    this.threads = threads;
  }

  boolean wrote(String who) {
    return who.startsWith(threads);
  }
}
