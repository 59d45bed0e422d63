package dev.kapell.apiserver.remote;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.http.Rewriting;

/**
 * Passes answers on as they are, but for redirects: a server behind this one does not send callers
 * elsewhere, least of all with what this server says of them.
 */
public enum NoRedirects implements Rewriting {
  /** The only one. */
  INSTANCE;

  @Override
  public void check(int status) {
    if (status >= 300 && status < 400 && status != 304) {
      throw Failures.badGateway(
          "the backend attempted to redirect this request, which is not permitted");
    }
  }
}
