package dev.kapell.apiserver.delegation;

import dev.kapell.apiserver.tree.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A server that knows tokens: the flags {@code --authentication-token-webhook-*} of kube-apiserver.
 *
 * @param server whom to ask
 * @param version of the TokenReview: v1 or v1beta1
 * @param kept how long an answer counts; zero: it is asked each time
 */
public record TokenWebhook(ReviewServer server, String version, Duration kept) {
  /** Reads the kubeconfig; throws {@link Settings.Invalid} with what is wrong. */
  public static TokenWebhook read(Path file, String version, Duration kept) throws IOException {
    requireReadable("--authentication-token-webhook-config-file", file);
    Versions.require("--authentication-token-webhook-version", version);
    return new TokenWebhook(ServerFile.read(file), version, kept);
  }

  static void requireReadable(String flag, Path file) {
    if (!Files.isReadable(file)) {
      throw new Settings.Invalid(flag + ": " + file + " cannot be read");
    }
  }
}
