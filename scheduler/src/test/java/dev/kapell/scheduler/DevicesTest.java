package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodResourceClaim;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.v1.AllocationResult;
import dev.kapell.api.resource.v1.CELDeviceSelector;
import dev.kapell.api.resource.v1.Device;
import dev.kapell.api.resource.v1.DeviceClaim;
import dev.kapell.api.resource.v1.DeviceClass;
import dev.kapell.api.resource.v1.DeviceClassSpec;
import dev.kapell.api.resource.v1.DeviceRequest;
import dev.kapell.api.resource.v1.DeviceRequestAllocationResult;
import dev.kapell.api.resource.v1.DeviceSelector;
import dev.kapell.api.resource.v1.ExactDeviceRequest;
import dev.kapell.api.resource.v1.ResourceClaim;
import dev.kapell.api.resource.v1.ResourceClaimConsumerReference;
import dev.kapell.api.resource.v1.ResourceClaimSpec;
import dev.kapell.api.resource.v1.ResourceClaimStatus;
import dev.kapell.api.resource.v1.ResourcePool;
import dev.kapell.api.resource.v1.ResourceSlice;
import dev.kapell.api.resource.v1.ResourceSliceSpec;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.DeviceClaims;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DevicesTest {
  private static final String DRIVER = "gpu.example.com";

  private static void type(Harness harness) {
    harness.client.create(
        Types.DEVICE_CLASS,
        DeviceClass.builder()
            .metadata(ObjectMeta.builder().name("gpu").build())
            .spec(
                DeviceClassSpec.builder()
                    .selectors(
                        List.of(
                            DeviceSelector.builder()
                                .cel(
                                    CELDeviceSelector.builder()
                                        .expression("device.driver == '" + DRIVER + "'")
                                        .build())
                                .build()))
                    .build())
            .build());
  }

  private static void slice(Harness harness, String node, String... devices) {
    harness.client.create(
        Types.RESOURCE_SLICE,
        ResourceSlice.builder()
            .metadata(ObjectMeta.builder().name(node + "-gpu").build())
            .spec(
                ResourceSliceSpec.builder()
                    .driver(DRIVER)
                    .nodeName(node)
                    .pool(
                        ResourcePool.builder()
                            .name(node)
                            .generation(1L)
                            .resourceSliceCount(1L)
                            .build())
                    .devices(
                        Arrays.stream(devices).map(d -> Device.builder().name(d).build()).toList())
                    .build())
            .build());
  }

  private static ResourceClaim claim(Harness harness, String name) {
    return harness.client.create(
        Types.RESOURCE_CLAIM,
        ResourceClaim.builder()
            .metadata(ObjectMeta.builder().namespace("default").name(name).build())
            .spec(
                ResourceClaimSpec.builder()
                    .devices(
                        DeviceClaim.builder()
                            .requests(
                                List.of(
                                    DeviceRequest.builder()
                                        .name("r")
                                        .exactly(
                                            ExactDeviceRequest.builder()
                                                .deviceClassName("gpu")
                                                .build())
                                        .build()))
                            .build())
                    .build())
            .build());
  }

  private static Pod pod(String name, String claim) {
    Pod pod = Harness.pod(name, "100m");
    return pod.withSpec(
        pod.spec()
            .withResourceClaims(
                List.of(PodResourceClaim.builder().name("gpu").resourceClaimName(claim).build())));
  }

  private static ResourceClaim get(Harness harness, String name) {
    return harness.client.get(Types.RESOURCE_CLAIM, new ObjectKey("default", name));
  }

  private static List<String> users(ResourceClaim claim) {
    return claim.status().reservedFor().stream()
        .map((ResourceClaimConsumerReference user) -> user.nameOr(""))
        .toList();
  }

  private static List<DeviceRequestAllocationResult> results(ResourceClaim claim) {
    AllocationResult allocation = Objects.requireNonNull(claim.status().allocation());
    return Objects.requireNonNull(allocation.devices()).results();
  }

  @Test
  void aPodGoesWhereItsDeviceIsAndAnotherWaitsForIt() throws Exception {
    try (Harness harness = new Harness()) {
      harness.node("n1", "4", node -> node);
      harness.node("n2", "4", node -> node);
      harness.create(pod("one", "c1"));
      Harness.await(
          "a claim that is missed",
          () -> harness.explanation("one").contains("resourceclaim \"c1\" not found"));
      claim(harness, "c1");
      Harness.await(
          "a class that is missed",
          () ->
              harness
                  .explanation("one")
                  .contains("claim default/c1, request r: device class gpu does not exist"));
      type(harness);
      Harness.await(
          "a device that is missed",
          () -> harness.explanation("one").contains("2 cannot allocate all claims"));
      slice(harness, "n2", "gpu-0");
      Harness.await("a node for one", () -> harness.nodeOf("one").equals("n2"));
      ResourceClaim given = get(harness, "c1");
      assertThat(users(given)).containsExactly("one");
      assertThat(results(given).getFirst().deviceOr("")).isEqualTo("gpu-0");
      assertThat(given.metadata().finalizers()).contains(DeviceClaims.FINALIZER);

      claim(harness, "c2");
      harness.create(pod("two", "c2"));
      Harness.await(
          "a reason for two",
          () -> harness.explanation("two").contains("2 cannot allocate all claims"));
      harness.client.updateStatus(
          Types.RESOURCE_CLAIM, get(harness, "c1").withStatus(ResourceClaimStatus.EMPTY));
      Harness.await("a node for two", () -> harness.nodeOf("two").equals("n2"));
    }
  }

  @Test
  void podsThatShareAClaimGoToItsNode() throws Exception {
    try (Harness harness = new Harness()) {
      type(harness);
      claim(harness, "c1");
      for (String node : List.of("n1", "n2", "n3")) {
        harness.node(node, "4", each -> each);
      }
      slice(harness, "n2", "gpu-0");
      for (int i = 0; i < 5; i++) {
        harness.create(pod("p" + i, "c1"));
      }
      for (int i = 0; i < 5; i++) {
        String name = "p" + i;
        Harness.await("a node for " + name, () -> harness.nodeOf(name).equals("n2"));
      }
      assertThat(users(get(harness, "c1"))).hasSize(5);
    }
  }

  @Test
  void noDeviceIsGivenTwice() throws Exception {
    try (Harness harness = new Harness()) {
      type(harness);
      for (int i = 0; i < 4; i++) {
        harness.node("n" + i, "8", each -> each);
        slice(harness, "n" + i, "gpu-0", "gpu-1", "gpu-2", "gpu-3");
      }
      for (int i = 0; i < 20; i++) {
        claim(harness, "c" + i);
        harness.create(pod("p" + i, "c" + i));
      }
      Harness.await(
          "a node for sixteen, a reason for four",
          () ->
              harness.pods().stream().filter(pod -> !pod.spec().nodeNameOr("").isEmpty()).count()
                  == 16);
      Set<String> given = new HashSet<>();
      for (Pod pod : harness.pods()) {
        if (!pod.spec().nodeNameOr("").isEmpty()) {
          String name = "c" + pod.metadata().nameOr("").substring(1);
          DeviceRequestAllocationResult result = results(get(harness, name)).getFirst();
          assertThat(result.poolOr("")).isEqualTo(pod.spec().nodeNameOr(""));
          assertThat(given.add(result.poolOr("") + result.deviceOr(""))).isTrue();
        }
      }
    }
  }

  @Test
  void aClaimThatIsToGoIsNotGivenOut() throws Exception {
    try (Harness harness = new Harness()) {
      type(harness);
      harness.node("n1", "4", each -> each);
      ResourceClaim held = claim(harness, "c1");
      harness.client.update(
          Types.RESOURCE_CLAIM,
          held.withMetadata(held.metadata().withFinalizers(List.of(DeviceClaims.FINALIZER))));
      harness.client.delete(
          Types.RESOURCE_CLAIM, new ObjectKey("default", "c1"), DeleteOptions.EMPTY);
      slice(harness, "n1", "gpu-0");
      harness.create(pod("one", "c1"));
      Harness.await(
          "a reason",
          () -> harness.explanation("one").contains("resourceclaim \"c1\" is being deleted"));
    }
  }
}
