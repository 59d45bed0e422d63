package dev.kapell.node.pod;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.host.runtime.Images;
import dev.kapell.host.runtime.RuntimeFailure;
import dev.kapell.node.plan.Change;
import dev.kapell.node.plan.ImageSeen;
import dev.kapell.node.plan.PodContainers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Sees that an image is here, as the container's pull policy wants it. */
final class ImagePull {
  private final PodRoom room;
  private final PodMemory memory;
  private final PodEvents events;

  ImagePull(PodRoom room, PodMemory memory, PodEvents events) {
    this.room = room;
    this.memory = memory;
    this.events = events;
  }

  void run(Change.PullImage pull) {
    Pod pod = memory.pod();
    String policy =
        PodContainers.find(pod, pull.name()).map(ImagePull::policy).orElse("IfNotPresent");
    try {
      Images images = room.runtime().images();
      Optional<Images.Image> here =
          policy.equals("Always") ? Optional.empty() : images.find(pull.image());
      if (here.isPresent()) {
        events.normal(
            "Pulled",
            pull.name(),
            "Container image \"" + pull.image() + "\" already present on machine");
        memory.image(pull.name(), new ImageSeen.Present(here.get().id()));
      } else if (policy.equals("Never")) {
        String message =
            "Container image \"" + pull.image() + "\" is not present with pull policy of Never";
        fail(pull, "ErrImageNeverPull", message);
      } else {
        fetch(pod, images, pull);
      }
    } catch (RuntimeFailure e) {
      if (!e.is(RuntimeFailure.Kind.INTERRUPTED)) {
        boolean name = e.is(RuntimeFailure.Kind.INVALID_IMAGE_NAME);
        fail(pull, name ? "InvalidImageName" : "ErrImagePull", String.valueOf(e.getMessage()));
      }
    }
  }

  /** The API server sets it; without it, {@code :latest} is always pulled. */
  private static String policy(Container container) {
    String image = container.imageOr("");
    boolean latest =
        image.endsWith(":latest") || !image.substring(image.lastIndexOf('/') + 1).contains(":");
    return container.imagePullPolicyOr(latest ? "Always" : "IfNotPresent");
  }

  private void fetch(Pod pod, Images images, Change.PullImage pull) {
    events.normal("Pulling", pull.name(), "Pulling image \"" + pull.image() + "\"");
    long start = room.clock().nanoTime();
    String id = pullWithSecrets(pod, images, pull.image());
    Duration took = Duration.ofNanos(room.clock().nanoTime() - start);
    events.normal(
        "Pulled",
        pull.name(),
        "Successfully pulled image \"" + pull.image() + "\" in " + took.toMillis() + "ms");
    memory.image(pull.name(), new ImageSeen.Present(id));
  }

  private String pullWithSecrets(Pod pod, Images images, String image) {
    List<Images.RegistryAuth> logins = new RegistryLogins(room.sources()).of(pod, image);
    RuntimeFailure denied = null;
    for (Images.RegistryAuth login : logins) {
      try {
        return images.pull(image, login);
      } catch (RuntimeFailure e) {
        denied = e;
      }
    }
    if (denied != null && !denied.is(RuntimeFailure.Kind.IMAGE_DENIED)) {
      throw denied;
    }
    return images.pull(image, null);
  }

  private void fail(Change.PullImage pull, String reason, String message) {
    memory.imageFailed(pull.name(), reason, message, room.clock().now());
    events.warning(
        "Failed", pull.name(), "Failed to pull image \"" + pull.image() + "\": " + message);
    events.warning("Failed", pull.name(), "Error: " + reason);
  }
}
