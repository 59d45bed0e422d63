package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.ApiCore;
import dev.kapell.apiserver.access.AuthorizerChoice;
import dev.kapell.apiserver.authentication.BootstrapTokens;
import dev.kapell.apiserver.authentication.SecretTokens;
import dev.kapell.apiserver.authentication.ServiceAccountSource;
import dev.kapell.apiserver.authentication.ServiceAccountTokens;
import dev.kapell.apiserver.authentication.TokenAuthenticator;
import dev.kapell.apiserver.authentication.TokenSource;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.authorization.Decision;
import dev.kapell.apiserver.authorization.Judge;
import dev.kapell.apiserver.authorization.RoleCache;
import dev.kapell.apiserver.authorization.RoleJudge;
import dev.kapell.apiserver.certificates.CertificateSigner;
import dev.kapell.apiserver.delegation.AccessWebhook;
import dev.kapell.apiserver.delegation.WebhookJudge;
import dev.kapell.apiserver.delegation.WebhookTokens;
import dev.kapell.apiserver.jwt.IssuerSettings;
import dev.kapell.apiserver.jwt.JwtSource;
import dev.kapell.apiserver.nodeaccess.NodeAuthorizer;
import dev.kapell.apiserver.nodeaccess.NodeGraph;
import dev.kapell.apiserver.pki.ClusterPki;
import dev.kapell.apiserver.remote.RemoteCalls;
import dev.kapell.apiserver.request.User;
import dev.kapell.base.Clock;
import dev.kapell.client.Client;
import java.util.ArrayList;
import java.util.List;

/** Who somebody is and what they may, wired and running; and the certificates they get for it. */
final class Rights implements AutoCloseable {
  private final RoleCache roles;
  private final NodeGraph nodes;
  private final Authorizer authorizer;
  private final TokenAuthenticator tokens;
  private final CertificateSigner signer;
  private final SecretTokens secretTokens;

  /** {@link #start} begins. */
  Rights(
      ApiServerOptions options,
      ClusterPki pki,
      ServiceAccountTokens serviceAccounts,
      ApiCore core) {
    Client client = core.client(User.SYSTEM, "kapell");
    Clock clock = options.clock();
    List<TokenSource> sources = new ArrayList<>();
    sources.add(new ServiceAccountSource(serviceAccounts, client, clock));
    sources.add(new BootstrapTokens(client, clock));
    for (IssuerSettings issuer : options.operations().access().issuers()) {
      sources.add(new JwtSource(issuer, clock));
    }
    this.roles = new RoleCache(client, clock);
    this.nodes = new NodeGraph(client, clock);
    RemoteCalls calls = core.outside().calls();
    options
        .operations()
        .access()
        .tokenWebhook()
        .ifPresent(webhook -> sources.add(new WebhookTokens(webhook, calls, clock)));
    this.authorizer =
        new Authorizer(
            roles,
            options.operations().access().authorizers().stream()
                .map(choice -> judge(choice, calls, clock))
                .toList());
    this.tokens = new TokenAuthenticator(sources, clock);
    this.secretTokens = new SecretTokens(serviceAccounts, client, pki::caPem, clock);
    this.signer =
        new CertificateSigner(
            new CertificateSigner.Parts(pki, authorizer, core.pipeline(), client, clock));
  }

  private Judge judge(AuthorizerChoice choice, RemoteCalls calls, Clock clock) {
    return switch (choice) {
      case AuthorizerChoice.Node() -> new NodeAuthorizer(nodes);
      case AuthorizerChoice.Roles() -> new RoleJudge(roles);
      case AuthorizerChoice.Always() -> (user, action) -> Decision.allow("");
      case AuthorizerChoice.Never() ->
          (user, action) -> Decision.noOpinion("Everything is forbidden.");
      case AuthorizerChoice.Webhook(AccessWebhook settings) ->
          new WebhookJudge(settings, calls, clock);
    };
  }

  /** Reads all roles, pods and certificate requests, then follows them. */
  void start() {
    roles.start();
    nodes.start();
    signer.start();
    secretTokens.start();
  }

  Authorizer authorizer() {
    return authorizer;
  }

  TokenAuthenticator tokens() {
    return tokens;
  }

  /** The Secrets that hold tokens also hold the authority: it has changed. */
  void refreshSecrets() {
    secretTokens.refresh();
  }

  @Override
  public void close() {
    secretTokens.close();
    signer.close();
    nodes.close();
    roles.close();
  }
}
