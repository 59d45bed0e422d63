package dev.kapell.apiserver.delegation;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.authentication.ServiceAccountTokens;
import dev.kapell.apiserver.authentication.TokenSource;
import dev.kapell.apiserver.authentication.Verified;
import dev.kapell.apiserver.remote.RemoteCalls;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Clock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks another server whom a token stands for, as a {@code TokenReview}. Thread-safe. */
public final class WebhookTokens implements TokenSource {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final TokenWebhook settings;
  private final RemoteCalls calls;
  private final Clock clock;
  private final AnswerCache<Optional<Verified>> answers;

  /** Asks through {@code calls}. */
  public WebhookTokens(TokenWebhook settings, RemoteCalls calls, Clock clock) {
    this.settings = settings;
    this.calls = calls;
    this.clock = clock;
    this.answers = new AnswerCache<>(clock);
  }

  @Override
  public Optional<Verified> verify(String token, List<String> audiences) {
    List<String> asked = audiences.isEmpty() ? ServiceAccountTokens.API_AUDIENCES : audiences;
    byte[] review =
        JsonCodec.writeTree(
            Obj.tree(
                "kind",
                "TokenReview",
                "apiVersion",
                "authentication.k8s.io/" + settings.version(),
                "spec",
                Obj.tree("token", token, "audiences", asked)));
    Optional<Optional<Verified>> known = answers.find(review);
    if (known.isPresent()) {
      return known.get();
    }
    try {
      Optional<Verified> answer = read(settings.server().ask(calls, review, LIMIT), asked);
      answers.keep(review, answer, settings.kept());
      return answer;
    } catch (InterruptedIOException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "token webhook gave no answer server={0} reason={1}",
          settings.server(),
          e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Verified> read(Obj status, List<String> asked) {
    if (!status.flag("authenticated")) {
      return Optional.empty();
    }
    // One that does not know audiences speaks for this server's own.
    List<String> named = status.texts("audiences");
    List<String> good =
        named.isEmpty()
            ? asked.stream().filter(ServiceAccountTokens.API_AUDIENCES::contains).toList()
            : asked.stream().filter(named::contains).toList();
    if (good.isEmpty()) {
      return Optional.empty();
    }
    Instant until = clock.now().plus(settings.kept());
    return Optional.of(new Verified(user(status.child("user")), good, until));
  }

  private static User user(Obj said) {
    Map<String, List<String>> extra = new LinkedHashMap<>();
    Obj facts = said.child("extra");
    facts.map().keySet().forEach(key -> extra.put(key, facts.texts(key)));
    return new User(said.text("username"), said.text("uid"), said.texts("groups"), extra)
        .standing();
  }
}
