package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.authentication.Authenticator;
import dev.kapell.apiserver.authentication.Impersonation;
import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import java.util.Optional;

/** Finds out as whom a request is to be handled. */
final class Caller {
  private static final String ACCOUNT = "system:serviceaccount:";

  private final Authenticator authenticator;
  private final Authorizer authorizer;

  Caller(Authenticator authenticator, Authorizer authorizer) {
    this.authenticator = authenticator;
    this.authorizer = authorizer;
  }

  /** Who sends the request. Throws 401. */
  User sender(Exchange exchange) {
    return authenticator.authenticate(exchange);
  }

  /** The sender, or whom the sender may and wants to be. Throws 403. */
  User acting(User sender, Headers headers) {
    Optional<Impersonation> impersonation = Impersonation.of(headers);
    if (impersonation.isEmpty()) {
      return sender;
    }
    User other = impersonation.get().user();
    authorizer.require(sender, Action.on("impersonate", subject(other.name())));
    for (String group : impersonation.get().askedGroups()) {
      authorizer.require(sender, Action.on("impersonate", named("", "groups", "", group)));
    }
    if (!other.uid().isEmpty()) {
      authorizer.require(
          sender,
          Action.on("impersonate", named("authentication.k8s.io", "uids", "", other.uid())));
    }
    other
        .extra()
        .forEach(
            (key, values) ->
                values.forEach(
                    value ->
                        authorizer.require(
                            sender,
                            Action.on(
                                "impersonate",
                                new Target(
                                    "authentication.k8s.io",
                                    "v1",
                                    "userextras",
                                    "",
                                    value,
                                    key)))));
    return other;
  }

  private static Target subject(String user) {
    if (user.startsWith(ACCOUNT)) {
      String[] parts = user.substring(ACCOUNT.length()).split(":", 2);
      if (parts.length == 2) {
        return named("", "serviceaccounts", parts[0], parts[1]);
      }
    }
    return named("", "users", "", user);
  }

  private static Target named(String group, String resource, String namespace, String name) {
    return new Target(group, "v1", resource, namespace, name, "");
  }
}
