package dev.kapell.apiserver.delegation;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Decision;
import dev.kapell.apiserver.authorization.Judge;
import dev.kapell.apiserver.expression.MatchConditions;
import dev.kapell.apiserver.remote.RemoteCalls;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Clock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;

/** Asks another server who may do what, as a {@code SubjectAccessReview}. Thread-safe. */
public final class WebhookJudge implements Judge {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");

  /** A larger question is asked each time: who asks must not fill the cache with odd ones. */
  private static final int MOST_CACHED_BYTES = 10_000;

  private final AccessWebhook settings;
  private final RemoteCalls calls;
  private final AnswerCache<Decision> answers;

  /** Asks through {@code calls}. */
  public WebhookJudge(AccessWebhook settings, RemoteCalls calls, Clock clock) {
    this.settings = settings;
    this.calls = calls;
    this.answers = new AnswerCache<>(clock);
  }

  @Override
  public Optional<String> unlisted(User user) {
    return Optional.of("webhook authorizer does not support user rule resolution");
  }

  @Override
  public Decision decide(User user, Action action) {
    if (!settings.conditions().isEmpty()) {
      Map<String, Object> seen = ReviewSpec.seen(user, action);
      MatchConditions.Verdict verdict =
          settings
              .conditions()
              .match(name -> name.equals("request") ? Optional.of(seen) : Optional.empty());
      switch (verdict) {
        case MatchConditions.Verdict.Matches() -> {}
        case MatchConditions.Verdict.Skips(String _) -> {
          return Decision.noOpinion("");
        }
        case MatchConditions.Verdict.Fails(String message) -> {
          return unanswered(message);
        }
      }
    }
    return ask(user, action);
  }

  private Decision ask(User user, Action action) {
    byte[] review =
        JsonCodec.writeTree(
            Obj.tree(
                "kind",
                "SubjectAccessReview",
                "apiVersion",
                "authorization.k8s.io/" + settings.version(),
                "metadata",
                Obj.tree(),
                "spec",
                ReviewSpec.sent(user, action, settings.version())));
    Optional<Decision> known = answers.find(review);
    if (known.isPresent()) {
      return known.get();
    }
    try {
      Decision answer = read(settings.server().ask(calls, review, settings.timeout()));
      if (review.length <= MOST_CACHED_BYTES) {
        answers.keep(
            review, answer, answer.allowed() ? settings.allowedKept() : settings.othersKept());
      }
      return answer;
    } catch (InterruptedIOException e) {
      Thread.currentThread().interrupt();
      return unanswered("the server is closing");
    } catch (IOException e) {
      return unanswered(String.valueOf(e.getMessage()));
    }
  }

  private static Decision read(Obj status) throws IOException {
    String reason = status.text("reason");
    boolean denied = status.flag("denied");
    if (status.flag("allowed")) {
      if (denied) {
        throw new IOException(
            "webhook subject access review returned both allow and deny response");
      }
      return Decision.allow(reason);
    }
    return denied ? Decision.deny(reason) : Decision.noOpinion(reason);
  }

  private Decision unanswered(String why) {
    LOG.log(
        Level.WARNING,
        "authorization webhook gave no answer name={0} server={1} reason={2}",
        settings.name(),
        settings.server(),
        why);
    Decision decision = settings.deniesOnError() ? Decision.deny("") : Decision.noOpinion("");
    return decision.failing(why);
  }
}
