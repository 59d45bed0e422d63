package dev.kapell.node.volume;

import dev.kapell.api.core.v1.EmptyDirVolumeSource;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.PodSecurityContext;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.resource.Quantity;
import dev.kapell.base.Clock;
import dev.kapell.host.file.DirectoryTree;
import dev.kapell.host.mount.Mounts;
import dev.kapell.node.config.ConfigFailure;
import dev.kapell.node.config.PodFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Prepares, refreshes and removes the volumes of pods. Every method throws {@link ConfigFailure}
 * with a sentence for the pod's events when a volume cannot be had, and is repeatable.
 */
public final class PodVolumes {
  private final Mounts mounts;
  private final VolumeSources sources;
  private final Clock clock;
  private final Tokens tokens;
  private final Payloads payloads;
  private final AtomicLong generation = new AtomicLong();

  /** Volumes filled from {@code sources}. */
  public PodVolumes(Mounts mounts, VolumeSources sources, Clock clock) {
    this.mounts = mounts;
    this.sources = sources;
    this.clock = clock;
    this.tokens = new Tokens(sources, clock);
    this.payloads = new Payloads(sources, tokens);
  }

  /** Makes every volume of the pod ready for its containers. */
  public void mount(PodFacts pod) throws IOException {
    Files.createDirectories(pod.directory().resolve("volumes"));
    for (Volume volume : pod.pod().spec().volumes()) {
      try {
        mount(pod, volume);
      } catch (ConfigFailure e) {
        throw new ConfigFailure(
            "MountVolume.SetUp failed for volume \""
                + volume.nameOr("")
                + "\" : "
                + e.getMessage());
      }
    }
  }

  /** Brings the content of configMap, secret, downwardAPI and projected volumes up to date. */
  public void refresh(PodFacts pod) throws IOException {
    for (Volume volume : pod.pod().spec().volumes()) {
      Optional<Payload> payload = payloads.of(pod, volume);
      if (payload.isPresent()) {
        write(pod, volume, payload.get());
      }
    }
  }

  /** When the pod's volumes need a {@link #refresh} because a token grows old. */
  public Optional<Instant> refreshAt(String podUid) {
    return tokens.renewAt(podUid);
  }

  /** Unmounts everything of the pod and deletes its folder; data of hostPath and claims stays. */
  public void release(PodFacts pod) throws IOException {
    mounts.unmountBelow(pod.directory());
    DirectoryTree.delete(pod.directory());
    tokens.forget(pod.uid());
  }

  /** Deletes the logs of a pod that is gone for good. */
  public void deleteLogs(PodFacts pod) throws IOException {
    DirectoryTree.delete(pod.logDirectory());
  }

  private void mount(PodFacts pod, Volume volume) throws IOException {
    Optional<Payload> payload = payloads.of(pod, volume);
    EmptyDirVolumeSource empty = volume.emptyDir();
    if (payload.isPresent()) {
      boolean inMemory = volume.secret() != null || volume.projected() != null;
      prepare(pod, volume, inMemory ? 0 : -1, 0755);
      write(pod, volume, payload.get());
    } else if (empty != null) {
      Path at = prepare(pod, volume, tmpfsBytes(empty), 0777);
      Long group = group(pod);
      if (group != null) {
        Ownership.share(at, group, false);
      }
    } else {
      Path at = locate(pod, volume);
      if (!Files.exists(at)) {
        throw new ConfigFailure("path " + at + " does not exist");
      }
      shareClaimed(pod, volume, at);
    }
  }

  /**
   * A claimed local volume gets the pod's group; with the policy OnRootMismatch only if its root
   * has another. A hostPath is the host's own and stays as it is (reference: fsGroup).
   */
  private void shareClaimed(PodFacts pod, Volume volume, Path at) throws IOException {
    Long group = group(pod);
    var claim = volume.persistentVolumeClaim();
    if (group == null
        || claim == null
        || volumeOf(pod, claim.claimNameOr("")).spec().local() == null) {
      return;
    }
    PodSecurityContext context = pod.pod().spec().securityContext();
    boolean lazy =
        context != null && context.fsGroupChangePolicyOr("Always").equals("OnRootMismatch");
    boolean readOnly = claim.readOnlyOr(false);
    if (!lazy || !Ownership.isShared(at, group, readOnly)) {
      Ownership.share(at, group, readOnly);
    }
  }

  private static long tmpfsBytes(EmptyDirVolumeSource empty) {
    Quantity limit = empty.sizeLimit();
    return switch (empty.mediumOr("")) {
      case "" -> -1;
      case "Memory" -> limit == null ? 0 : limit.value();
      default ->
          throw new ConfigFailure(
              "emptyDir medium "
                  + empty.mediumOr("")
                  + " is not supported by this node; use Memory or none");
    };
  }

  /** A folder of the node's own; in memory unless {@code tmpfsBytes} is negative. */
  private Path prepare(PodFacts pod, Volume volume, long tmpfsBytes, int mode) throws IOException {
    Path at = own(pod, volume);
    boolean fresh = !Files.exists(at);
    Files.createDirectories(at);
    if (tmpfsBytes >= 0 && !mounts.isMountPoint(at)) {
      mounts.tmpfs(at, tmpfsBytes, mode);
    } else if (fresh) {
      Ownership.mode(at, mode);
    }
    return at;
  }

  private void write(PodFacts pod, Volume volume, Payload payload) throws IOException {
    String name = clock.now().toString().replace(':', '_') + "." + generation.incrementAndGet();
    PayloadWriter.write(own(pod, volume), payload, group(pod), name);
  }

  private static @Nullable Long group(PodFacts pod) {
    PodSecurityContext context = pod.pod().spec().securityContext();
    return context == null ? null : context.fsGroup();
  }

  private static Path own(PodFacts pod, Volume volume) {
    return pod.directory().resolve("volumes").resolve(volume.nameOr(""));
  }

  /** Where a volume of the pod is on this machine. */
  Path locate(PodFacts pod, Volume volume) throws IOException {
    var host = volume.hostPath();
    if (host != null) {
      return HostPaths.prepare(host.pathOr("/"), host.typeOr(""));
    }
    var claim = volume.persistentVolumeClaim();
    if (claim != null) {
      return claimed(pod, claim.claimNameOr(""));
    }
    if (volume.ephemeral() != null) {
      return claimed(pod, pod.name() + "-" + volume.nameOr(""));
    }
    boolean own =
        volume.emptyDir() != null
            || volume.configMap() != null
            || volume.secret() != null
            || volume.downwardAPI() != null
            || volume.projected() != null;
    if (own) {
      return own(pod, volume);
    }
    throw new ConfigFailure(
        "this node supports emptyDir, configMap, secret, downwardAPI, projected, hostPath and claims on hostPath or local volumes; volume "
            + volume.nameOr("")
            + " is of another kind");
  }

  private PersistentVolume volumeOf(PodFacts pod, String name) {
    PersistentVolumeClaim claim =
        sources
            .claim(pod.namespace(), name)
            .orElseThrow(
                () -> new ConfigFailure("persistentvolumeclaim \"" + name + "\" not found"));
    if (!claim.status().phaseOr("").equals("Bound")) {
      throw new ConfigFailure(
          "persistentvolumeclaim \"" + name + "\" is not bound to a volume yet");
    }
    String volumeName = claim.spec().volumeNameOr("");
    return sources
        .volume(volumeName)
        .orElseThrow(() -> new ConfigFailure("persistentvolume \"" + volumeName + "\" not found"));
  }

  private Path claimed(PodFacts pod, String name) throws IOException {
    PersistentVolume volume = volumeOf(pod, name);
    var host = volume.spec().hostPath();
    var local = volume.spec().local();
    if (host != null) {
      return HostPaths.prepare(host.pathOr("/"), host.typeOr(""));
    }
    if (local != null) {
      LocalFolders.prepare(volume);
      return HostPaths.prepare(local.pathOr("/"), "Directory");
    }
    throw new ConfigFailure(
        "persistentvolume \""
            + volume.metadata().nameOr("")
            + "\" is neither hostPath nor local; this node mounts no other kind");
  }
}
