package dev.kapell.apiserver.access;

import dev.kapell.apiserver.delegation.AccessWebhook;
import java.util.List;

/** One of those who are asked, in their order, who may do what. */
public sealed interface AuthorizerChoice {
  /** What a cluster has when nothing is said. */
  List<AuthorizerChoice> DEFAULT = List.of(new Node(), new Roles());

  /** Decides for nodes. */
  record Node() implements AuthorizerChoice {}

  /** Decides by roles and their bindings. */
  record Roles() implements AuthorizerChoice {}

  /** Everybody may everything. */
  record Always() implements AuthorizerChoice {}

  /** Nobody may anything. */
  record Never() implements AuthorizerChoice {}

  /** Another server decides. */
  record Webhook(AccessWebhook settings) implements AuthorizerChoice {}
}
