package dev.kapell.apiserver.pki;

import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Renews certificates while they are in use: twice a day each is loaded again, which makes it anew
 * when its end is near, and whoever shows it is handed the new one; so is everybody when an
 * authority was signed anew, since they believe in it. One thread.
 */
public final class CertificateRenewal implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final Duration INTERVAL = Duration.ofHours(12);

  private final Clock clock;
  private final ClusterPki pki;
  private final TaskScope scope;
  private final List<Kept> all = new CopyOnWriteArrayList<>();
  private final List<Believer> believers = new CopyOnWriteArrayList<>();

  /** Reads a certificate, or makes it. */
  @FunctionalInterface
  public interface Source {
    /** The certificate as it is to be now. */
    Issued load() throws IOException;
  }

  /** Shows a certificate from now on. */
  @FunctionalInterface
  public interface Sink {
    /** Takes the new certificate in place of the one before. */
    void show(Issued issued) throws IOException;
  }

  /** A certificate, and the authorities that whoever shows it believes in. */
  private record Shown(Issued issued, String authorities) {}

  /** A certificate in use; touched by the renewing thread only. */
  private static final class Kept {
    private final String name;
    private final Source source;
    private final Sink user;
    private Shown shown;

    private Kept(String name, Source source, Shown shown, Sink user) {
      this.name = name;
      this.source = source;
      this.shown = shown;
      this.user = user;
    }

    private void renew(String authorities) {
      try {
        Shown now = new Shown(source.load(), authorities);
        if (!now.equals(shown)) {
          user.show(now.issued());
          shown = now;
          LOG.log(System.Logger.Level.INFO, "certificate renewed name={0}", name);
        }
      } catch (IOException e) {
        LOG.log(System.Logger.Level.ERROR, "certificate " + name + " cannot be renewed", e);
      }
    }
  }

  /** Who tells others of the authorities; touched by the renewing thread only. */
  private static final class Believer {
    private final String name;
    private final Runnable told;
    private String authorities;

    private Believer(String name, Runnable told, String authorities) {
      this.name = name;
      this.told = told;
      this.authorities = authorities;
    }

    private void tell(String now) {
      if (now.equals(authorities)) {
        return;
      }
      try {
        told.run();
        authorities = now;
        LOG.log(System.Logger.Level.INFO, "authorities told to={0}", name);
      } catch (ApiFailure e) { // next time again
        LOG.log(System.Logger.Level.ERROR, "authorities cannot be told to " + name, e);
      }
    }
  }

  /** Begins to look, twice a day, at the authorities of {@code pki} and what is kept here. */
  public CertificateRenewal(Clock clock, ClusterPki pki) {
    this.clock = clock;
    this.pki = pki;
    this.scope =
        new TaskScope(
            "certificate-renewal",
            (task, cause) -> LOG.log(System.Logger.Level.ERROR, task, cause));
    scope.start("renew", this::run);
  }

  /**
   * Keeps a certificate fresh.
   *
   * @param name for people
   * @param source where it comes from
   * @param shown the one in use
   * @param user is handed each new one
   */
  public void keep(String name, Source source, Issued shown, Sink user) {
    all.add(new Kept(name, source, new Shown(shown, authorities()), user));
  }

  /**
   * Has an authority that was signed anew told to others.
   *
   * @param name for people
   * @param told looks at the authorities again
   */
  public void tell(String name, Runnable told) {
    believers.add(new Believer(name, told, authorities()));
  }

  private void run() throws InterruptedException {
    while (!scope.isClosed()) {
      clock.sleep(INTERVAL);
      renewAuthorities();
      String authorities = authorities();
      all.forEach(kept -> kept.renew(authorities));
      believers.forEach(believer -> believer.tell(authorities));
    }
  }

  private void renewAuthorities() {
    try {
      pki.renewAuthorities();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "the authorities cannot be renewed", e);
    }
  }

  private String authorities() {
    return pki.caPem() + pki.frontProxyCaPem();
  }

  @Override
  public void close() {
    scope.close();
  }
}
