package dev.kapell.app.cluster;

import java.nio.file.Path;

/**
 * Where everything of one cluster lives on this machine.
 *
 * @param root by default {@code /var/lib/kapell}
 */
public record DataDir(Path root) {
  /** The admin's kubeconfig, mode 0600. */
  public Path kubeconfig() {
    return root.resolve("admin.kubeconfig");
  }

  /** The store. */
  public Path store() {
    return root.resolve("state").resolve("kapell.db");
  }

  /** Authorities, certificates, keys. */
  public Path pki() {
    return root.resolve("pki");
  }

  /** The keys that Secrets are encrypted with, mode 0600. */
  public Path encryptionKeys() {
    return pki().resolve("encryption.yaml");
  }

  /** Who asked what of the API; mode 0600, old files beside it. */
  public Path auditLog() {
    return root.resolve("audit").resolve("audit.log");
  }

  /** What belongs to the running server: process ids, readiness. */
  public Path run() {
    return root.resolve("run");
  }

  /** The process id of the supervisor that {@code kapell up} started. */
  public Path supervisorPid() {
    return run().resolve("supervisor.pid");
  }

  /** Written by the server: its process id once its API answers, so that its starter wakes up. */
  public Path ready() {
    return run().resolve("ready");
  }

  /** Held locked by the server while it runs. */
  public Path lock() {
    return run().resolve("lock");
  }

  /** What a server in the background prints. */
  public Path log() {
    return root.resolve("server.log");
  }

  /** The container runtime's own folder. */
  public Path containerd() {
    return root.resolve("containerd");
  }

  /** The node agent's folder: volumes and logs of pods. */
  public Path node() {
    return root.resolve("node");
  }

  /** CNI configuration. */
  public Path cni() {
    return root.resolve("cni");
  }

  /** Named volumes of Compose projects. */
  public Path volumes() {
    return root.resolve("volumes");
  }
}
