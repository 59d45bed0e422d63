package dev.kapell.app.server;

import dev.kapell.apiserver.access.Access;
import dev.kapell.apiserver.authentication.FrontProxy;
import dev.kapell.apiserver.tree.Settings;
import dev.kapell.app.terminal.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Who is let in.
 *
 * @param authentication an {@code AuthenticationConfiguration}; absent: no other issuers
 * @param admission an {@code AdmissionConfiguration}; absent: the defaults
 * @param anonymous whether requests of nobody are let in, where the first file does not say
 * @param proxy who is believed when it says who callers are
 */
public record AccessSettings(
    Optional<Path> authentication,
    Optional<Path> admission,
    boolean anonymous,
    Optional<Proxy> proxy) {
  /**
   * A proxy that says who callers are.
   *
   * @param authorities in PEM
   */
  public record Proxy(
      Path authorities,
      List<String> names,
      List<String> userHeaders,
      List<String> uidHeaders,
      List<String> groupHeaders,
      List<String> extraPrefixes) {
    private FrontProxy read() throws IOException {
      return new FrontProxy(
          Files.readString(authorities),
          names,
          userHeaders,
          uidHeaders,
          groupHeaders,
          extraPrefixes);
    }
  }

  /** No files. */
  public static AccessSettings defaults() {
    return new AccessSettings(Optional.empty(), Optional.empty(), true, Optional.empty());
  }

  /** As the API server wants it; throws {@link UserError} for what is wrong with a file. */
  Access read() throws IOException {
    try {
      Access access = Access.DEFAULT;
      if (!anonymous) {
        access = access.withoutAnonymous();
      }
      if (authentication.isPresent()) {
        access = access.withAuthentication(authentication.get());
      }
      if (admission.isPresent()) {
        access = access.withAdmission(admission.get());
      }
      if (proxy.isPresent()) {
        access = access.withFrontProxy(proxy.get().read());
      }
      return access;
    } catch (Settings.Invalid e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }
}
