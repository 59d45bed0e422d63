package dev.kapell.host.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Security of a sandbox.
 *
 * @param privileged needed when any container of it is privileged
 * @param runAsUser uid of the pause process, null: the image's
 * @param runAsGroup gid, only with {@code runAsUser}
 * @param readOnlyRootfs of the pause process
 * @param supplementalGroups further gids
 * @param seLinux null: the runtime's choice
 */
public record SandboxSecurity(
    boolean privileged,
    @Nullable Long runAsUser,
    @Nullable Long runAsGroup,
    boolean readOnlyRootfs,
    List<Long> supplementalGroups,
    Profile seccomp,
    @Nullable SeLinux seLinux) {
  /** Nothing asked for. */
  public static final SandboxSecurity DEFAULT =
      new SandboxSecurity(false, null, null, false, List.of(), new Profile.RuntimeDefault(), null);

  /** Copies the list. */
  public SandboxSecurity {
    supplementalGroups = List.copyOf(supplementalGroups);
  }
}
