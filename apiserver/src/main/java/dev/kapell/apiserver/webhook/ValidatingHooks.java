package dev.kapell.apiserver.webhook;

import dev.kapell.apiserver.admission.Admission.Attempt;
import dev.kapell.apiserver.audit.Trail;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.turn.Turns;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Asks validating hooks, all at once: none can change what another sees. */
final class ValidatingHooks {
  private final Selection selection;
  private final HookCalls calls;
  private final TaskScope scope;

  ValidatingHooks(Selection selection, HookCalls calls, TaskScope scope) {
    this.selection = selection;
    this.calls = calls;
    this.scope = scope;
  }

  void run(List<Hook> hooks, Attempt attempt, Obj object) {
    List<Runnable> questions = new ArrayList<>();
    for (Hook hook : hooks) {
      HookNotes notes = new HookNotes(hook, false, 0, questions.size());
      selection
          .ask(hook, attempt, object)
          .ifPresent(asked -> questions.add(() -> calls.ask(notes, asked.request(), attempt)));
    }
    if (questions.size() == 1) {
      questions.getFirst().run();
    } else {
      runAll(questions);
    }
  }

  private void runAll(List<Runnable> questions) {
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    Trail trail = Trail.current();
    for (Runnable question : questions) {
      CompletableFuture<Void> answer = new CompletableFuture<>();
      answers.add(answer);
      scope.start("validating-webhook", () -> trail.during(() -> complete(answer, question)));
    }
    Turns.leave();
    answers.forEach(ValidatingHooks::await);
    resume();
  }

  private static void resume() {
    try {
      Turns.resume();
    } catch (InterruptedException e) {
      throw closing();
    }
  }

  private static ApiFailure closing() {
    Thread.currentThread().interrupt();
    return Failures.unavailable("the server is closing");
  }

  private static void complete(CompletableFuture<Void> answer, Runnable question) {
    try {
      question.run();
      answer.complete(null);
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  private static void await(CompletableFuture<Void> answer) {
    try {
      answer.get();
    } catch (InterruptedException e) {
      throw closing();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ApiFailure refusal) {
        throw refusal;
      }
      throw new IllegalStateException("a webhook could not be asked", e.getCause());
    }
  }
}
