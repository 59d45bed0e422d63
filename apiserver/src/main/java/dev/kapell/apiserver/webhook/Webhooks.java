package dev.kapell.apiserver.webhook;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.matching.Matching;
import dev.kapell.apiserver.registry.Rows;
import dev.kapell.apiserver.remote.RemoteCalls;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Randomness;
import dev.kapell.base.TaskScope;
import dev.kapell.store.Store;
import java.util.List;

/**
 * Asks the hooks of every {@code MutatingWebhookConfiguration} and {@code
 * ValidatingWebhookConfiguration} that are for a write. Thread-safe; blocks the writer until they
 * have answered.
 *
 * <p>Follows the reference's "Dynamic Admission Control". Writes of configurations and policies
 * themselves are never shown to a hook: one could otherwise protect itself from removal.
 */
public final class Webhooks implements Admission, AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");

  private final Configurations mutating;
  private final Configurations validating;
  private final MutatingHooks mutators;
  private final ValidatingHooks validators;
  private final HookMeter meter;
  private final TaskScope scope;

  /**
   * What webhooks need.
   *
   * @param store where the configurations are
   * @param rows to bring objects into the version that a hook asks for
   * @param remote to call hooks
   * @param conditions to judge match conditions
   * @param meter counts calls
   */
  public record Needs(
      Store store,
      Rows rows,
      RemoteCalls remote,
      Conditions conditions,
      Randomness randomness,
      HookMeter meter) {}

  /** Ready to ask. */
  public Webhooks(Needs needs) {
    Selection selection = new Selection(needs.rows(), needs.randomness(), needs.conditions());
    this.meter = needs.meter();
    HookCalls calls = new HookCalls(needs.remote(), meter);
    this.scope =
        new TaskScope("webhooks", (task, cause) -> LOG.log(System.Logger.Level.ERROR, task, cause));
    this.mutating = new Configurations(needs.store(), "mutatingwebhookconfigurations");
    this.validating = new Configurations(needs.store(), "validatingwebhookconfigurations");
    this.mutators = new MutatingHooks(selection, calls);
    this.validators = new ValidatingHooks(selection, calls, scope);
  }

  @Override
  public void admit(Attempt attempt, Obj object) {
    List<Hook> hooks = mutating.hooks();
    if (!hooks.isEmpty() && !Matching.isExempt(attempt)) {
      meter.during(() -> mutators.run(hooks, attempt, object));
    }
  }

  @Override
  public void validate(Attempt attempt, Obj object) {
    if (attempt.operation() == Operation.DELETE) {
      admit(attempt, object); // a deletion meets this pass only, and mutating hooks may refuse it
    }
    List<Hook> hooks = validating.hooks();
    if (!hooks.isEmpty() && !Matching.isExempt(attempt)) {
      meter.during(() -> validators.run(hooks, attempt, object));
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
