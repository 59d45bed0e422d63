package dev.kapell.scheduler.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.api.resource.v1.AllocationResult;
import dev.kapell.api.resource.v1.ResourceClaim;
import dev.kapell.api.resource.v1.ResourceClaimConsumerReference;
import dev.kapell.api.resource.v1.ResourceClaimStatus;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimNewsTest {
  private static ResourceClaim claim(boolean ofPod, boolean allocated, int users) {
    return ResourceClaim.builder()
        .metadata(
            ObjectMeta.builder()
                .name("c")
                .ownerReferences(
                    ofPod
                        ? List.of(OwnerReference.builder().kind("Pod").controller(true).build())
                        : List.of())
                .build())
        .status(
            ResourceClaimStatus.builder()
                .allocation(allocated ? AllocationResult.EMPTY : null)
                .reservedFor(
                    IntStream.range(0, users)
                        .mapToObj(i -> ResourceClaimConsumerReference.builder().uid("" + i).build())
                        .toList())
                .build())
        .build();
  }

  @ParameterizedTest(name = "of a pod {0}, allocated {1} then {3}, users {2} then {4}: {5}")
  @CsvSource({
    "true,  false, 0,   true,  1,   false",
    "false, false, 0,   true,  1,   true",
    "true,  true,  1,   false, 0,   true",
    "false, true,  1,   true,  2,   false",
    "false, true,  2,   true,  1,   false",
    "false, true,  256, true,  255, true",
  })
  void whatFreesOrSharesDevicesIsNews(
      boolean ofPod, boolean had, int before, boolean has, int after, boolean news) {
    assertThat(ClaimNews.isNews(claim(ofPod, had, before), claim(ofPod, has, after)))
        .isEqualTo(news);
  }

  @Test
  void whatComesAndGoesIsNews() {
    ResourceClaim claim = claim(false, false, 0);
    assertThat(ClaimNews.isNews(null, claim)).isTrue();
    assertThat(ClaimNews.isNews(claim, null)).isTrue();
    assertThat(
            ClaimNews.isNews(
                claim, claim.withMetadata(claim.metadata().withDeletionTimestamp(Instant.EPOCH))))
        .isTrue();
    assertThat(ClaimNews.isNews(claim, claim)).isFalse();
  }
}
