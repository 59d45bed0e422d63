package dev.kapell.host.machine;

/** What a kernel may enforce beside permissions. */
public enum SecurityModule {
  /** Profiles by path. */
  APPARMOR,
  /** Labels on everything. */
  SELINUX
}
