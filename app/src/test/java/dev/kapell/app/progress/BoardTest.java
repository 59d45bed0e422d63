package dev.kapell.app.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BoardTest {
  private static Map<String, Object> deployment(String undone) {
    Map<String, Object> annotations =
        undone.isEmpty() ? Map.of() : Map.of("kapell.dev/rolled-back-because", undone);
    return Map.of(
        "kind", "Deployment", "metadata", Map.of("name", "web", "annotations", annotations));
  }

  @Test
  void aRolloutThatIsUndoneMeanwhileHasFailed() {
    Board board = new Board();
    board.expect(Workload.of("deployments", deployment("")));
    board.workload("deployments", deployment("revision 2 was not available within 60 s"));
    assertThat(board.view().failure())
        .isEqualTo("deployment/web has been rolled back: revision 2 was not available within 60 s");
  }

  @Test
  void oneThatWasUndoneBeforeHasNot() {
    Board board = new Board();
    board.expect(Workload.of("deployments", deployment("revision 2 was not available")));
    board.workload("deployments", deployment("revision 2 was not available"));
    assertThat(board.view().failure()).isEmpty();
    board.workload("deployments", deployment(""));
    board.workload("deployments", deployment("revision 4 was not available"));
    assertThat(board.view().failure()).contains("revision 4");
  }
}
