package dev.kapell.apiserver.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.http.Headers;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a caller's headers does not go on to other servers. */
class CallerHeadersTest {
  private static final CallerHeaders HEADERS =
      CallerHeaders.and(List.of("X-Who"), List.of("X-Fact-"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Authorization       | Bearer abc | true",
        "AUTHORIZATION       | Basic abc  | true",
        "Impersonate-User    | ann        | true",
        "impersonate-group   | dev        | true",
        "Impersonate-Uid     | 1          | true",
        "Impersonate-Extra-a | 1          | true",
        "x-remote-user       | ann        | true",
        "X-Remote-Extra-a    | 1          | true",
        "X-WHO               | ann        | true",
        "x-fact-a            | 1          | true",
        "X-Whom              | ann        | false",
        "Cookie              | a=b        | false",
      })
  void whatShowsTheCallerIsTakenOut(String name, String value, boolean out) {
    Headers replaced = HEADERS.replacing(Headers.of(name, value));
    assertThat(replaced.first(name))
        .isEqualTo(out ? java.util.Optional.of("") : replaced.first("-"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.YWJj | v5.channel.k8s.io",
        "base64url.bearer.authorization.k8s.io.YWJj,v4.channel.k8s.io | v4.channel.k8s.io",
        "Base64URL.Bearer.authorization.k8s.io.YWJj                    | ''",
        "v5.channel.k8s.io                                            | v5.channel.k8s.io",
      })
  void aTokenAmongSubprotocolsIsTakenOut(String sent, String passedOn) {
    assertThat(HEADERS.replacing(Headers.of("sec-websocket-protocol", sent)))
        .isEqualTo(Headers.of("Sec-WebSocket-Protocol", passedOn));
  }
}
