package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.audit.Auditor;
import dev.kapell.apiserver.audit.Trail;
import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.authorization.Decision;
import dev.kapell.apiserver.metrics.Meters;
import dev.kapell.apiserver.metrics.RequestMetrics;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tracing.Tracer;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import java.util.Optional;

/**
 * Who looks on while requests are handled.
 *
 * @param meters everything that is counted
 * @param metrics the requests among it
 * @param auditor writes down who did what; absent: nobody does
 * @param tracer tells a collector where time goes; absent: nobody does
 * @param clock tells how long it took
 * @param randomness names requests
 */
record Observers(
    Meters meters,
    RequestMetrics metrics,
    Optional<Auditor> auditor,
    Optional<Tracer> tracer,
    Clock clock,
    Randomness randomness) {

  /** What they know is written. */
  void close() {
    auditor.ifPresent(Auditor::close);
    tracer.ifPresent(Tracer::close);
  }

  /** Throws 403 unless {@code user} may; the audit trail tells what was decided. */
  static void require(Authorizer authorizer, User user, Action action) {
    Decision decision = authorizer.decide(user, action);
    Trail trail = Trail.current();
    trail.annotate("authorization.k8s.io/decision", decision.allowed() ? "allow" : "forbid");
    trail.annotate("authorization.k8s.io/reason", decision.reason());
    Authorizer.require(user, action, decision);
  }
}
