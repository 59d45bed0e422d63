package dev.kapell.controllers.trustbundle;

import dev.kapell.api.Types;
import dev.kapell.api.certificates.v1beta1.ClusterTrustBundle;
import dev.kapell.api.certificates.v1beta1.ClusterTrustBundleSpec;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Publishes the authority of the API server's certificate as the trust bundle of the signer {@code
 * kubernetes.io/kube-apiserver-serving}, under a name that changes with it, and removes older ones.
 */
public final class TrustBundleController implements Planner<String, TrustBundleController.Seen> {
  public static final String SIGNER = "kubernetes.io/kube-apiserver-serving";
  private static final int DIGITS = 12;

  /**
   * What there is.
   *
   * @param bundles of the signer
   * @param caPem the authority now
   */
  record Seen(List<ClusterTrustBundle> bundles, String caPem) {
    /** Copies. */
    Seen {
      bundles = List.copyOf(bundles);
    }
  }

  private final Cache<ClusterTrustBundle> bundles;
  private final Supplier<String> caPem;

  private TrustBundleController(LoopContext context, Supplier<String> caPem) {
    this.bundles = context.caches().of(Types.CLUSTER_TRUST_BUNDLE);
    this.caPem = caPem;
  }

  /**
   * Starts the loop, which looks again at {@link #SIGNER}; {@code caPem} is the authority's
   * certificate as it is now.
   */
  public static ControlLoop<String> start(LoopContext context, Supplier<String> caPem) {
    TrustBundleController controller = new TrustBundleController(context, caPem);
    ControlLoop<String> loop = context.planned("trustbundle", controller);
    controller.bundles.onChange(
        (before, after) -> {
          ClusterTrustBundle changed = after == null ? before : after;
          if (changed != null && isOurs(changed)) {
            loop.add(SIGNER);
          }
        });
    loop.add(SIGNER);
    return loop.start(1);
  }

  private static boolean isOurs(ClusterTrustBundle bundle) {
    return bundle.spec().signerNameOr("").equals(SIGNER);
  }

  @Override
  public Optional<Seen> observe(String signer) {
    return Optional.of(
        new Seen(
            bundles.all().stream().filter(TrustBundleController::isOurs).toList(), caPem.get()));
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return next(seen);
  }

  static Plan next(Seen seen) {
    if (!seen.caPem().contains("BEGIN CERTIFICATE")) {
      return Plan.NOTHING;
    }
    String name = name(seen.caPem());
    ClusterTrustBundleSpec spec =
        ClusterTrustBundleSpec.builder().signerName(SIGNER).trustBundle(seen.caPem()).build();
    Plan.Builder plan = new Plan.Builder();
    boolean there = false;
    for (ClusterTrustBundle bundle : seen.bundles()) {
      if (!bundle.metadata().nameOr("").equals(name)) {
        continue;
      }
      there = true;
      plan.add(
          Change.update(
              Types.CLUSTER_TRUST_BUNDLE, bundle, bundle.withSpec(spec), "not the authority"));
    }
    if (!there) {
      plan.add(
          Change.create(
              Types.CLUSTER_TRUST_BUNDLE,
              ClusterTrustBundle.builder()
                  .metadata(ObjectMeta.builder().name(name).build())
                  .spec(spec)
                  .build(),
              "the authority of the API server"));
    }
    // The new one first: nobody is to be without an authority.
    for (ClusterTrustBundle bundle : seen.bundles()) {
      if (!bundle.metadata().nameOr("").equals(name)) {
        plan.add(Change.delete(Types.CLUSTER_TRUST_BUNDLE, bundle, "an authority of before"));
      }
    }
    return plan.build();
  }

  static String name(String caPem) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(caPem.getBytes(StandardCharsets.UTF_8));
      String hash = HexFormat.of().formatHex(digest).substring(0, DIGITS);
      return SIGNER.replace('/', ':') + ":" + hash;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
