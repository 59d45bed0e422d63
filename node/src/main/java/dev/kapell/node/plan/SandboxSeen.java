package dev.kapell.node.plan;

import java.util.List;

/**
 * One attempt of a pod's sandbox, as the runtime reports it.
 *
 * @param id the runtime's id
 * @param attempt 0 for the first
 * @param ready whether containers can run in it
 * @param ips the pod's addresses, the primary one first; empty for host networking
 */
public record SandboxSeen(String id, int attempt, boolean ready, List<String> ips) {
  /** Copies the list. */
  public SandboxSeen {
    ips = List.copyOf(ips);
  }
}
