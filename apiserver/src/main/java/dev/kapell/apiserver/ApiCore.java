package dev.kapell.apiserver;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.admission.AdmissionMeter;
import dev.kapell.apiserver.admission.Escalation;
import dev.kapell.apiserver.admission.OptIn;
import dev.kapell.apiserver.admission.Plugins;
import dev.kapell.apiserver.authentication.TokenAuthenticator;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.computed.Computed;
import dev.kapell.apiserver.custom.CustomResources;
import dev.kapell.apiserver.custom.FinalizerWarnings;
import dev.kapell.apiserver.definition.DefinitionCheck;
import dev.kapell.apiserver.device.DeviceRequests;
import dev.kapell.apiserver.expression.ConditionDefinitions;
import dev.kapell.apiserver.expression.RequestAccess;
import dev.kapell.apiserver.expression.WebhookConditions;
import dev.kapell.apiserver.follow.Follower;
import dev.kapell.apiserver.local.LocalClient;
import dev.kapell.apiserver.metrics.Meters;
import dev.kapell.apiserver.nodeaccess.NodeRestriction;
import dev.kapell.apiserver.podsecurity.PodSecurity;
import dev.kapell.apiserver.podsecurity.PodSecurityConfiguration;
import dev.kapell.apiserver.policy.MutatingPolicies;
import dev.kapell.apiserver.policy.PolicyDefinitions;
import dev.kapell.apiserver.policy.PolicyTypes;
import dev.kapell.apiserver.policy.ValidatingPolicies;
import dev.kapell.apiserver.registry.Kinds;
import dev.kapell.apiserver.registry.QuotaCount;
import dev.kapell.apiserver.registry.Registry;
import dev.kapell.apiserver.registry.Rows;
import dev.kapell.apiserver.request.Pipeline;
import dev.kapell.apiserver.request.TokenIssuer;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.review.Reviews;
import dev.kapell.apiserver.trust.TrustAttestation;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.Client;
import dev.kapell.store.Store;
import java.util.List;
import java.util.Set;

/** Everything behind the door of the API server, wired. Thread-safe. */
public final class ApiCore implements AutoCloseable {
  private final Registry registry;
  private final LocalClient local;
  private final CustomResources custom;
  private final KubernetesService service;
  private final QuotaCount quotas;
  private final Outside outside;
  private final RequestAccess access;
  private final PolicyTypes policyTypes;

  /**
   * What it needs from outside.
   *
   * @param store keeps the objects; stays open
   * @param clock stamps and alarms
   * @param randomness uids, generated names, addresses
   * @param tokens signs for service accounts
   * @param podSecurity what is asked of pods where their namespace says nothing
   * @param meters where it counts
   * @param plugins of admission, besides those that are always on
   */
  public record Needs(
      Store store,
      Clock clock,
      Randomness randomness,
      TokenIssuer tokens,
      PodSecurityConfiguration podSecurity,
      Meters meters,
      Set<OptIn> plugins) {
    /** Copies the set. */
    public Needs {
      plugins = Set.copyOf(plugins);
    }

    /** With Kubernetes' defaults for pods. */
    public Needs(Store store, Clock clock, Randomness randomness, TokenIssuer tokens) {
      this(
          store,
          clock,
          randomness,
          tokens,
          PodSecurityConfiguration.DEFAULT,
          new Meters(),
          Set.of());
    }
  }

  private ApiCore(
      Registry registry,
      LocalClient local,
      CustomResources custom,
      Outside outside,
      RequestAccess access,
      PolicyTypes policyTypes,
      Clock clock) {
    this.local = local;
    this.access = access;
    this.policyTypes = policyTypes;
    this.registry = registry;
    this.custom = custom;
    this.quotas = registry.quotaCount(local, clock);
    this.outside = outside;
    this.service = new KubernetesService(local.as(User.BOOTSTRAP, "kapell"), clock);
  }

  /** Serves what is in the store. */
  public static ApiCore open(Needs needs) {
    Rows rows = new Rows(Kinds.builtIn(), Reviews.rows());
    Registry.Parts parts =
        new Registry.Parts(needs.store(), needs.clock(), needs.randomness(), needs.tokens());
    RequestAccess access = new RequestAccess();
    Outside outside = new Outside(needs, rows, new WebhookConditions(access));
    AdmissionMeter meter = new AdmissionMeter(needs.meters(), needs.clock());
    Admission admission =
        Admission.all(
            List.of(
                Plugins.builtIn(
                    needs.randomness(),
                    meter,
                    needs.plugins(),
                    new OptIn.Parts(access::decide, rows)),
                meter.validating("NodeRestriction", new NodeRestriction()),
                meter.validating("PodSecurity", new PodSecurity(needs.podSecurity())),
                new Escalation(access::authorizer),
                new FinalizerWarnings(),
                new DefinitionCheck(),
                new ConditionDefinitions(),
                new DeviceRequests(),
                new TrustAttestation(access::decide),
                new PolicyDefinitions(),
                meter.mutating(
                    "MutatingAdmissionPolicy", new MutatingPolicies(needs.store(), rows, access)),
                meter.validating(
                    "ValidatingAdmissionPolicy",
                    new ValidatingPolicies(needs.store(), rows, access)),
                meter.both(
                    "MutatingAdmissionWebhook", "ValidatingAdmissionWebhook", outside.webhooks())));
    Registry registry = new Registry(parts, rows, admission);
    CustomResources custom =
        new CustomResources(
            new CustomResources.Needs(
                needs.store(), rows, registry, needs.clock(), outside.calls(), needs.randomness()));
    LocalClient local = new LocalClient(registry, User.SYSTEM, "kapell");
    Follower follower = new Follower(local, needs.clock(), "policy-types");
    PolicyTypes policyTypes =
        new PolicyTypes(follower, Registry.lookup(needs.store()), registry, rows);
    ApiCore core =
        new ApiCore(registry, local, custom, outside, access, policyTypes, needs.clock());
    core.quotas.start();
    core.policyTypes.start();
    return core;
  }

  /** The one way in. */
  public Pipeline pipeline() {
    return registry;
  }

  /** Answers reviews: {@code tokens} say who somebody is, {@code authorizer} what they may. */
  public Computed reviews(TokenAuthenticator tokens, Authorizer authorizer) {
    return new Reviews(tokens, authorizer, registry.passing());
  }

  /** Who answers when expressions of policies and conditions ask for rights, from now on. */
  public void authorizeBy(Authorizer authorizer) {
    access.decideBy(authorizer);
  }

  /** The ways to other servers. */
  public Outside outside() {
    return outside;
  }

  /**
   * A client in this process.
   *
   * @param user as whom it asks
   * @param manager the field manager of its writes
   */
  public Client client(User user, String manager) {
    return local.as(user, manager);
  }

  /** The record of bytes that the store holds, the one that all clients of this process see. */
  public <T extends ApiObject> T record(ResourceType<T> type, byte[] stored) {
    return local.record(type, stored);
  }

  /**
   * Makes {@code default/kubernetes} lead to the API server, now and until closed.
   *
   * @param address where it listens, an IPv4 address that pods can reach
   * @param port its port
   */
  public void publish(String address, int port) {
    service.publish(address, port);
  }

  /** Stops following the definitions of custom resources and the API server's own service. */
  @Override
  public void close() {
    service.close();
    policyTypes.close();
    quotas.close();
    custom.close();
    registry.close();
    outside.close();
  }
}
