package dev.kapell.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which answers are compressed, for whom. */
class GzipTest {
  private static final int FROM_BYTES = 128 << 10;

  /** An address of this machine at which it looks like another one. */
  private static Optional<String> outside() throws Exception {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .map(InetAddress::getHostAddress)
        .findFirst();
  }

  @ParameterizedTest(name = "a client {0} that accepts {1} gets {2} more bytes than the limit: {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "outside | gzip | 0 | gzip",
        "outside | gzip | -1 | plain",
        "outside | deflate, gzip;q=1.0, *;q=0.5 | 9 | gzip",
        "outside | GZIP | 9 | gzip",
        "outside | gzip;q=0 | 9 | plain",
        "outside | gzip;q=0.000 | 9 | plain",
        "outside | gzip;q=0.001 | 9 | gzip",
        "outside | br, deflate | 9 | plain",
        "outside | xgzip | 9 | plain",
        "outside | '' | 9 | plain",
        "inside | gzip | 9 | plain",
      })
  void aLargeAnswerIsCompressedForWhoAcceptsItAndIsElsewhere(
      String where, String accepted, int more, String expected) throws Exception {
    Optional<String> outside = outside();
    assumeThat(outside).as("an address beside the loopback").isPresent();
    byte[] body = new byte[FROM_BYTES + more];
    Arrays.fill(body, (byte) 'x');
    try (HttpServer server =
            HttpServer.start(
                "test",
                ServerOptions.at("0.0.0.0", 0),
                exchange -> exchange.respond(200, Headers.contentType("text/plain"), body));
        HttpClient client = HttpClient.newHttpClient()) {
      String host = where.equals("inside") ? "127.0.0.1" : outside.orElseThrow();
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://" + host + ":" + server.port() + "/"))
                  .header("Accept-Encoding", accepted)
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      boolean packed = answer.headers().firstValue("Content-Encoding").isPresent();
      assertThat(packed ? "gzip" : "plain").isEqualTo(expected);
      assertThat(answer.headers().firstValue("Vary").isPresent()).isEqualTo(packed);
      assertThat(packed ? unpacked(answer.body()) : answer.body()).isEqualTo(body);
    }
  }

  private static byte[] unpacked(byte[] packed) throws Exception {
    assertThat(packed.length).isLessThan(FROM_BYTES / 10);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return in.readAllBytes();
    }
  }
}
