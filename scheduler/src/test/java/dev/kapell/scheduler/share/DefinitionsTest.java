package dev.kapell.scheduler.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.resource.Quantity;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionsTest {
  @Test
  void queuesAreReadFromText() {
    Definitions read =
        Definitions.read(
            Map.of("a", "weight: 2\nguarantee: {cpu: 4}\nlimit: {cpu: \"8\"}\n", "b", ""));

    assertThat(read.problems()).isEmpty();
    assertThat(read.queues())
        .containsExactly(
            new Queue(
                "a", 2, Map.of("cpu", Quantity.parse("4")), Map.of("cpu", Quantity.parse("8"))),
            new Queue("b", 1, Map.of(), Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "weight: 0 | weight must be a number above 0",
        "weight: -1 | weight must be a number above 0",
        "weight: much | weight must be a number above 0",
        "wieght: 1 | unknown field \"wieght\"",
        "guarantee: 4 | guarantee must be amounts by resource",
        "guarantee: {cpu: lots} | guarantee.cpu must be an amount",
        "limit: {cpu: -1} | limit.cpu must not be negative",
        "just text | has to be an object",
        "- a | has to be an object"
      })
  void whatIsWrongIsSaidAndTheOthersCount(String text, String problem) {
    Definitions read = Definitions.read(Map.of("odd", text, "good", ""));

    assertThat(read.problems()).singleElement().asString().startsWith("queue \"odd\": " + problem);
    assertThat(read.queues()).extracting(Queue::name).containsExactly("good");
  }
}
