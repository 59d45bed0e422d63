package dev.kapell.apiserver.certificates;

import dev.kapell.api.Bytes;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.Types;
import dev.kapell.api.certificates.v1.CertificateSigningRequest;
import dev.kapell.api.certificates.v1.CertificateSigningRequestCondition;
import dev.kapell.api.certificates.v1.CertificateSigningRequestSpec;
import dev.kapell.api.certificates.v1.CertificateSigningRequestStatus;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.follow.Follower;
import dev.kapell.apiserver.pki.CertificateRequest;
import dev.kapell.apiserver.pki.ClusterPki;
import dev.kapell.apiserver.pki.SigningOrder;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Pipeline;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Follows certificate requests: approves those of nodes for themselves, signs those that are
 * approved, and removes those that are over.
 */
public final class CertificateSigner implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final String NODE_USER = "system:node:";
  private static final String GROUP = "certificates.k8s.io";
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final Duration CLEANING = Duration.ofMinutes(10);

  private final Parts parts;
  private final Follower follower;
  private final TaskScope cleaning;

  /**
   * What it works with.
   *
   * @param pki signs
   * @param authorizer knows who may have their requests approved without anybody looking
   * @param pipeline for approvals
   * @param client for everything else
   */
  public record Parts(
      ClusterPki pki, Authorizer authorizer, Pipeline pipeline, Client client, Clock clock) {}

  /** {@link #start} begins. */
  public CertificateSigner(Parts parts) {
    this.parts = parts;
    this.follower = new Follower(parts.client(), parts.clock(), "certificates");
    this.cleaning =
        new TaskScope(
            "certificate-requests",
            (task, cause) -> LOG.log(System.Logger.Level.ERROR, task, cause));
  }

  /** Looks at every request, then follows them. */
  public void start() {
    follower.follow(
        Types.CERTIFICATE_SIGNING_REQUEST,
        new Follower.Sink<CertificateSigningRequest>() {
          @Override
          public void reset(List<CertificateSigningRequest> all) {
            all.forEach(this::put);
          }

          @Override
          public void put(CertificateSigningRequest request) {
            handle(request);
          }

          @Override
          public void remove(ObjectKey key) {
            // its certificate stays good: others cannot be told
          }
        });
    cleaning.start("clean", this::clean);
  }

  private void handle(CertificateSigningRequest request) {
    Optional<Signer> signer = Signer.of(request.spec().signerNameOr(""));
    if (signer.isEmpty()) {
      return; // somebody else signs it
    }
    RequestState state = new RequestState(request);
    try {
      if (state.awaitsSignature()) {
        sign(request, signer.get());
      } else if (state.awaitsApproval() && signer.get() == Signer.KUBELET_CLIENT) {
        approve(request);
      }
    } catch (ApiFailure failure) {
      // Somebody else wrote first: their change leads back here.
      LOG.log(
          failure.isConflict() || failure.isNotFound()
              ? System.Logger.Level.DEBUG
              : System.Logger.Level.WARNING,
          "certificate request " + name(request) + " not handled",
          failure);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void approve(CertificateSigningRequest request) throws InterruptedException {
    Optional<CertificateRequest> wanted = parse(request);
    if (wanted.isEmpty()
        || Signer.KUBELET_CLIENT.complaint(wanted.get(), usages(request)).isPresent()) {
      return;
    }
    User sender = sender(request.spec());
    boolean own = wanted.get().name().equals(sender.name());
    String right = own ? "selfnodeclient" : "nodeclient";
    boolean may =
        parts
            .authorizer()
            .allows(
                sender,
                Action.on(
                    "create",
                    new Target(GROUP, "v1", "certificatesigningrequests", "", "", right)));
    if (!may || (!own && isNode(wanted.get().name()))) {
      return;
    }
    String why =
        own
            ? "Auto approving self kubelet client certificate after SubjectAccessReview."
            : "Auto approving kubelet client certificate after SubjectAccessReview.";
    CertificateSigningRequest approved =
        request.withStatus(with(request, condition("Approved", "AutoApproved", why)));
    parts
        .pipeline()
        .handle(
            new ApiRequest(
                Verb.UPDATE,
                new Target(
                    GROUP, "v1", "certificatesigningrequests", "", name(request), "approval"),
                User.SYSTEM,
                RequestOptions.NONE,
                RequestBody.json(JsonCodec.encode(CertificateSigningRequest.CODEC, approved))));
  }

  /** Whether the name is taken: a newcomer's word is not enough to get it. */
  private boolean isNode(String user) {
    String name = user.substring(NODE_USER.length());
    return parts.client().find(Types.NODE, ObjectKey.cluster(name)).isPresent();
  }

  private void sign(CertificateSigningRequest request, Signer signer) {
    Optional<CertificateRequest> wanted = parse(request);
    Optional<String> complaint =
        wanted.isEmpty()
            ? Optional.of("the request cannot be read")
            : signer.complaint(wanted.get(), usages(request));
    CertificateSigningRequestStatus status =
        complaint.isPresent()
            ? with(request, condition("Failed", "SignerValidationFailure", complaint.get()))
            : request.status().withCertificate(Bytes.ofUtf8(certificate(request)));
    parts.client().updateStatus(Types.CERTIFICATE_SIGNING_REQUEST, request.withStatus(status));
  }

  private String certificate(CertificateSigningRequest request) {
    Integer seconds = request.spec().expirationSeconds();
    Duration asked = seconds == null ? LONGEST : Duration.ofSeconds(seconds);
    return parts
        .pki()
        .sign(
            new SigningOrder(
                text(request),
                request.spec().usages(),
                asked.compareTo(LONGEST) < 0 ? asked : LONGEST));
  }

  private void clean() throws InterruptedException {
    while (!cleaning.isClosed()) {
      parts.clock().sleep(CLEANING);
      for (CertificateSigningRequest request :
          parts.client().list(Types.CERTIFICATE_SIGNING_REQUEST, ListQuery.ALL).items()) {
        if (new RequestState(request).isOver(parts.clock().now())) {
          remove(request);
        }
      }
    }
  }

  private void remove(CertificateSigningRequest request) {
    try {
      parts
          .client()
          .delete(Types.CERTIFICATE_SIGNING_REQUEST, ObjectKey.of(request), DeleteOptions.EMPTY);
    } catch (ApiFailure failure) {
      if (!failure.isNotFound()) {
        throw failure;
      }
    }
  }

  private CertificateSigningRequestCondition condition(String type, String reason, String why) {
    return CertificateSigningRequestCondition.builder()
        .type(type)
        .status("True")
        .reason(reason)
        .message(why)
        .lastUpdateTime(parts.clock().now())
        .lastTransitionTime(parts.clock().now())
        .build();
  }

  private static CertificateSigningRequestStatus with(
      CertificateSigningRequest request, CertificateSigningRequestCondition condition) {
    List<CertificateSigningRequestCondition> conditions =
        new ArrayList<>(request.status().conditions());
    conditions.add(condition);
    return request.status().withConditions(conditions);
  }

  private static Optional<CertificateRequest> parse(CertificateSigningRequest request) {
    try {
      return Optional.of(CertificateRequest.parse(text(request)));
    } catch (IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  private static String text(CertificateSigningRequest request) {
    Bytes pem = request.spec().request();
    return pem == null ? "" : pem.utf8();
  }

  private static Set<String> usages(CertificateSigningRequest request) {
    return new HashSet<>(request.spec().usages());
  }

  private static User sender(CertificateSigningRequestSpec spec) {
    return new User(spec.usernameOr(""), spec.uidOr(""), spec.groups(), spec.extra());
  }

  private static String name(CertificateSigningRequest request) {
    return request.metadata().nameOr("");
  }

  @Override
  public void close() {
    cleaning.close();
    follower.close();
  }
}
