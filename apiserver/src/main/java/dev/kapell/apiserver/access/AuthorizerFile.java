package dev.kapell.apiserver.access;

import dev.kapell.apiserver.delegation.AccessWebhook;
import dev.kapell.apiserver.tree.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads who is asked who may do what: an {@code AuthorizationConfiguration}, or the modes of the
 * flag {@code --authorization-mode}.
 */
public final class AuthorizerFile {
  private static final Set<String> VERSIONS =
      Set.of(
          "apiserver.config.k8s.io/v1",
          "apiserver.config.k8s.io/v1beta1",
          "apiserver.config.k8s.io/v1alpha1");
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final int LONGEST_NAME = 253;

  private AuthorizerFile() {}

  /**
   * Those in {@code file}.
   *
   * @throws Settings.Invalid with what is wrong with it
   */
  public static List<AuthorizerChoice> read(Path file) throws IOException {
    if (!java.nio.file.Files.isReadable(file)) {
      throw new Settings.Invalid("--authorization-config: " + file + " cannot be read");
    }
    return read(Settings.read(file, "AuthorizationConfiguration", VERSIONS));
  }

  private static List<AuthorizerChoice> read(Settings settings) throws IOException {
    settings.only("apiVersion", "kind", "authorizers");
    List<AuthorizerChoice> choices = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> types = new HashSet<>();
    for (Settings entry : settings.list("authorizers")) {
      entry.only("type", "name", "webhook");
      String name = name(entry, names);
      String type = entry.text("type");
      if (type.isEmpty()) {
        throw entry.invalid("type", "is required");
      }
      if (!type.equals("Webhook")) {
        if (entry.has("webhook")) {
          throw entry.invalid("webhook", "may only be specified when type=Webhook");
        }
        if (!types.add(type)) {
          throw entry.invalid("type", "is there twice: " + type);
        }
      } else if (!entry.has("webhook")) {
        throw entry.invalid("webhook", "is required when type=Webhook");
      }
      choices.add(
          switch (type) {
            case "Node" -> new AuthorizerChoice.Node();
            case "RBAC" -> new AuthorizerChoice.Roles();
            case "AlwaysAllow" -> new AuthorizerChoice.Always();
            case "AlwaysDeny" -> new AuthorizerChoice.Never();
            case "Webhook" ->
                new AuthorizerChoice.Webhook(AccessWebhook.read(entry.child("webhook"), name));
            case "ABAC" -> throw entry.invalid("type", "ABAC is not served: use RBAC");
            default ->
                throw entry.invalid(
                    "type", "must be Node, RBAC, Webhook, AlwaysAllow or AlwaysDeny");
          });
    }
    if (choices.isEmpty()) {
      throw settings.invalid("authorizers", "at least one authorization mode must be defined");
    }
    return List.copyOf(choices);
  }

  private static String name(Settings entry, Set<String> names) {
    String name = entry.text("name");
    if (name.isEmpty()) {
      throw entry.invalid("name", "is required");
    }
    if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
      throw entry.invalid(
          "name", "must be lower-case letters, digits, '-' and '.', as in a DNS name");
    }
    if (!names.add(name)) {
      throw entry.invalid("name", "is there twice: " + name);
    }
    return name;
  }

  /**
   * Those of the flag.
   *
   * @param webhook what the flags {@code --authorization-webhook-*} say; none when it is empty
   */
  public static List<AuthorizerChoice> ofModes(List<String> modes, List<AccessWebhook> webhook) {
    List<AuthorizerChoice> choices = new ArrayList<>();
    for (String mode : modes) {
      AuthorizerChoice choice =
          switch (mode) {
            case "Node" -> new AuthorizerChoice.Node();
            case "RBAC" -> new AuthorizerChoice.Roles();
            case "AlwaysAllow" -> new AuthorizerChoice.Always();
            case "AlwaysDeny" -> new AuthorizerChoice.Never();
            case "Webhook" -> new AuthorizerChoice.Webhook(only(webhook));
            default ->
                throw new Settings.Invalid(
                    "--authorization-mode: \""
                        + mode
                        + "\" is not a mode; they are Node, RBAC, Webhook, AlwaysAllow, AlwaysDeny");
          };
      if (choices.contains(choice)) {
        throw new Settings.Invalid("--authorization-mode: " + mode + " is there twice");
      }
      choices.add(choice);
    }
    if (choices.isEmpty()) {
      throw new Settings.Invalid("--authorization-mode: at least one is required");
    }
    if (!webhook.isEmpty() && !modes.contains("Webhook")) {
      throw new Settings.Invalid(
          "--authorization-webhook-config-file needs Webhook in --authorization-mode");
    }
    return choices;
  }

  private static AccessWebhook only(List<AccessWebhook> webhook) {
    if (webhook.isEmpty()) {
      throw new Settings.Invalid(
          "--authorization-mode: Webhook needs --authorization-webhook-config-file");
    }
    return webhook.getFirst();
  }
}
