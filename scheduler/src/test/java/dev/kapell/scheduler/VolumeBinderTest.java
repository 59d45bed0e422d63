package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.HostPathVolumeSource;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.PersistentVolumeClaimSpec;
import dev.kapell.api.core.v1.PersistentVolumeSpec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.VolumeResourceRequirements;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.base.Clock;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.event.EventRecorder;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.scheduler.storage.Choice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VolumeBinderTest {
  private static final ObjectKey CLAIM = new ObjectKey("default", "mine");
  private static final Choice CHOICE =
      new Choice(List.of(new Choice.Match(CLAIM, "disk")), List.of());
  private static final Map<String, Quantity> SIZE = Map.of("storage", Quantity.parse("1Gi"));

  private static PersistentVolumeClaim claim(String volume) {
    return PersistentVolumeClaim.builder()
        .metadata(ObjectMeta.builder().namespace("default").name(CLAIM.name()).build())
        .spec(
            PersistentVolumeClaimSpec.builder()
                .accessModes(List.of("ReadWriteOnce"))
                .storageClassName("disks")
                .volumeName(volume.isEmpty() ? null : volume)
                .resources(VolumeResourceRequirements.builder().requests(SIZE).build())
                .build())
        .build();
  }

  private static PersistentVolume disk(String keptFor) {
    return PersistentVolume.builder()
        .metadata(ObjectMeta.builder().name("disk").build())
        .spec(
            PersistentVolumeSpec.builder()
                .accessModes(List.of("ReadWriteOnce"))
                .capacity(SIZE)
                .storageClassName("disks")
                .hostPath(HostPathVolumeSource.builder().path("/disk").build())
                .claimRef(
                    keptFor.isEmpty()
                        ? null
                        : ObjectReference.builder().namespace("default").name(keptFor).build())
                .build())
        .build();
  }

  private static Optional<ApiFailure> bind(Harness harness) throws InterruptedException {
    Caches caches = new Caches(harness.client, Clock.system());
    EventRecorder events = new EventRecorder(harness.client, Clock.system(), "test", "test");
    try (caches;
        events) {
      VolumeBinder binder =
          new VolumeBinder(new LoopContext(harness.client, caches, events, Clock.system()));
      assertThat(caches.awaitSynced(Duration.ofSeconds(20))).isTrue();
      return binder.bind(Pod.EMPTY, "node", CHOICE);
    }
  }

  @Test
  void aVolumeThatAnotherClaimGotMeanwhileIsLeftToIt() throws InterruptedException {
    try (Harness harness = new Harness()) {
      harness.client.create(Types.PERSISTENT_VOLUME_CLAIM, claim(""));
      harness.client.create(Types.PERSISTENT_VOLUME, disk("another"));
      assertThat(bind(harness)).get().matches(ApiFailure::isConflict);
      PersistentVolume left =
          harness.client.get(Types.PERSISTENT_VOLUME, ObjectKey.cluster("disk"));
      assertThat(left.spec().claimRefOr(ObjectReference.EMPTY).name()).isEqualTo("another");
    }
  }

  @Test
  void aClaimThatGotAnotherVolumeMeanwhileKeepsIt() throws InterruptedException {
    try (Harness harness = new Harness()) {
      harness.client.create(Types.PERSISTENT_VOLUME_CLAIM, claim("other-disk"));
      harness.client.create(Types.PERSISTENT_VOLUME, disk(""));
      assertThat(bind(harness)).get().matches(ApiFailure::isConflict);
      assertThat(
              harness
                  .client
                  .get(Types.PERSISTENT_VOLUME, ObjectKey.cluster("disk"))
                  .spec()
                  .claimRef())
          .isNull();
    }
  }
}
