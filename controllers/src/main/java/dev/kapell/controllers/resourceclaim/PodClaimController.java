package dev.kapell.controllers.resourceclaim;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodResourceClaim;
import dev.kapell.api.resource.v1.ResourceClaim;
import dev.kapell.api.resource.v1.ResourceClaimTemplate;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Index;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.control.match.DeviceClaims;
import dev.kapell.controllers.workload.Owners;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the claims of pods from their templates. */
public final class PodClaimController implements Planner<ObjectKey, PodClaimController.Seen> {
  private static final Index.Keys<Pod, ObjectKey> BY_TEMPLATE = PodClaimController::templates;
  private static final Index.Keys<Pod, ObjectKey> BY_CLAIM = DeviceClaims::keys;
  private static final Index.Keys<ResourceClaim, String> BY_OWNER =
      claim -> List.of(Owners.controllerUid(claim));

  /**
   * A pod.
   *
   * @param claims those that it names or that are its own, by name
   * @param templates those that it names, by name
   */
  record Seen(
      Pod pod, Map<String, ResourceClaim> claims, Map<String, ResourceClaimTemplate> templates) {
    /** Copies. */
    Seen {
      claims = Collections.unmodifiableMap(new TreeMap<>(claims)); // in the same order always
      templates = Map.copyOf(templates);
    }
  }

  private final Cache<Pod> pods;
  private final Cache<ResourceClaim> claims;
  private final Cache<ResourceClaimTemplate> templates;
  private final Index<Pod, ObjectKey> podsByTemplate;
  private final Index<Pod, ObjectKey> podsByClaim;
  private final Index<ResourceClaim, String> claimsByOwner;

  private PodClaimController(LoopContext context) {
    this.pods = context.caches().of(Types.POD);
    this.claims = context.caches().of(Types.RESOURCE_CLAIM);
    this.templates = context.caches().of(Types.RESOURCE_CLAIM_TEMPLATE);
    this.podsByTemplate = pods.index(BY_TEMPLATE);
    this.podsByClaim = pods.index(BY_CLAIM);
    this.claimsByOwner = claims.index(BY_OWNER);
  }

  /** Starts the loop. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    PodClaimController controller = new PodClaimController(context);
    ControlLoop<ObjectKey> loop = context.planned("podclaims", controller);
    controller.pods.onChange(
        (before, after) -> {
          if (after != null && !after.spec().resourceClaims().isEmpty()) {
            loop.add(ObjectKey.of(after));
          }
        });
    controller.claims.onChange((before, after) -> controller.addUsers(loop, before, after));
    controller.templates.onChange(
        (before, after) -> {
          if (after != null) {
            controller
                .podsByTemplate
                .get(ObjectKey.of(after))
                .forEach(pod -> loop.add(ObjectKey.of(pod)));
          }
        });
    return loop.start(workers);
  }

  private void addUsers(
      ControlLoop<ObjectKey> loop, @Nullable ResourceClaim before, @Nullable ResourceClaim after) {
    ResourceClaim claim = after == null ? before : after;
    if (claim == null) {
      return;
    }
    Owners.controllerOf(claim)
        .filter(owner -> owner.kindOr("").equals("Pod"))
        .ifPresent(
            owner -> loop.add(new ObjectKey(claim.metadata().namespaceOr(""), owner.nameOr(""))));
    podsByClaim.get(ObjectKey.of(claim)).forEach(pod -> loop.add(ObjectKey.of(pod)));
  }

  private static List<ObjectKey> templates(Pod pod) {
    List<PodResourceClaim> entries = pod.spec().resourceClaims();
    if (entries.isEmpty()) {
      return List.of();
    }
    return entries.stream()
        .filter(entry -> entry.resourceClaimTemplateName() != null)
        .map(
            entry ->
                new ObjectKey(
                    pod.metadata().namespaceOr(""), entry.resourceClaimTemplateNameOr("")))
        .toList();
  }

  @Override
  public Optional<Seen> observe(ObjectKey key) {
    return pods.find(key).filter(pod -> !pod.spec().resourceClaims().isEmpty()).map(this::seen);
  }

  private Seen seen(Pod pod) {
    Map<String, ResourceClaim> there = new HashMap<>();
    claimsByOwner
        .get(pod.metadata().uidOr(""))
        .forEach(claim -> there.put(claim.metadata().nameOr(""), claim));
    DeviceClaims.keys(pod)
        .forEach(key -> claims.find(key).ifPresent(claim -> there.put(key.name(), claim)));
    for (String name : PodClaims.madeNames(pod)) {
      claims
          .find(new ObjectKey(pod.metadata().namespaceOr(""), name))
          .ifPresent(claim -> there.put(name, claim));
    }
    Map<String, ResourceClaimTemplate> named = new HashMap<>();
    templates(pod)
        .forEach(key -> templates.find(key).ifPresent(each -> named.put(key.name(), each)));
    return new Seen(pod, there, named);
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return PodClaims.next(seen);
  }
}
