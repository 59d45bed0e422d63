package dev.kapell.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that do harm: each is refused or dropped, and the server serves on. */
class FloodTest {
  private static final Headers TEXT = Headers.contentType("text/plain");

  /** More than the buffers of two sockets hold. */
  private static final int BIG = 32 << 20;

  private TestAuthority authority;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger handled = new AtomicInteger();
  private HttpServer secure;
  private HttpServer plain;

  @BeforeEach
  void start() throws Exception {
    authority = new TestAuthority();
    ServerOptions options = ServerOptions.at("127.0.0.1", 0);
    Handler handler =
        exchange -> {
          handled.incrementAndGet();
          switch (exchange.path()) {
            case "/pieces" -> {
              exchange.onEnd(ended::countDown);
              exchange.respond(200, TEXT, new byte[BIG]);
            }
            case "/unhurried" -> {
              exchange.unhurried();
              exchange.respond(200, TEXT, new byte[BIG]);
            }
            case "/stream" -> {
              exchange.onEnd(ended::countDown);
              try (OutputStream out = exchange.stream(200, TEXT)) {
                out.write(new byte[BIG]);
                out.write(1);
              }
            }
            default -> exchange.respond(200, TEXT, exchange.body());
          }
        };
    Duration handshake = Duration.ofMillis(1500); // an honest one on a busy machine passes
    secure =
        HttpServer.start(
            "flood-tls", patient(options, handshake).with(authority.issue("CN=server")), handler);
    plain = HttpServer.start("flood", patient(options, Duration.ofMillis(300)), handler);
    open.add(secure);
    open.add(plain);
  }

  @AfterEach
  void closeAll() throws Exception {
    assertThat(secureAnswers()).as("the server serves on").isEqualTo(RawHttp2.HEADERS);
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private static ServerOptions patient(ServerOptions options, Duration head) {
    return options.withTimeouts(head, Duration.ofMillis(300), Duration.ofSeconds(1));
  }

  private RawHttp2 http2() throws Exception {
    RawHttp2 client = new RawHttp2(ClientTls.context(authority.issue("CN=client")), secure.port());
    open.add(client);
    return client;
  }

  private int secureAnswers() throws Exception {
    RawHttp2 client = http2();
    client.send(
        RawHttp2.frame(
            RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 1, RawHttp2.GET));
    return client.next(1);
  }

  private RawClient raw() throws IOException {
    RawClient client = new RawClient(plain.port());
    open.add(client);
    return client;
  }

  private static java.util.logging.Handler listener(Queue<String> heard) {
    return new java.util.logging.Handler() {
      @Override
      public void publish(LogRecord line) {
        heard.add(line.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void peersThatBreakOffLeaveNoWarningInTheLog() throws Exception {
    Queue<String> warnings = new ConcurrentLinkedQueue<>();
    Logger logger = Logger.getLogger("io.netty");
    java.util.logging.Handler listener = listener(warnings);
    logger.addHandler(listener);
    try {
      for (int i = 0; i < 20; i++) {
        RawHttp2 client = http2();
        assertThat(client.next(0)).isEqualTo(RawHttp2.SETTINGS);
        client.reset();
      }
      for (int i = 0; i < 20; i++) {
        assertThat(secureAnswers()).isEqualTo(RawHttp2.HEADERS);
      }
    } finally {
      logger.removeHandler(listener);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void aFloodOfStreamsThatAreResetAtOnceEndsTheConnection() throws Exception {
    RawHttp2 client = http2();
    byte[] cancel = ByteBuffer.allocate(4).putInt(8).array();
    ByteBuffer all = ByteBuffer.allocate(6000 * 28);
    for (int stream = 1; stream < 12_000; stream += 2) {
      all.put(
          RawHttp2.frame(
              RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, stream, RawHttp2.GET));
      all.put(RawHttp2.frame(RawHttp2.RST_STREAM, 0, stream, cancel));
    }
    client.sendUntilRefused(all.array(), 1);
    assertThat(handled.get()).isLessThan(5000);
  }

  @Test
  void headersWithoutEndAreCutOff() throws Exception {
    RawHttp2 client = http2();
    client.send(RawHttp2.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.GET));
    byte[] more = new byte[66];
    more[0] = 0x40; // a new header: name of 1 letter, value of 62
    more[1] = 1;
    more[2] = 'n';
    more[3] = 62;
    java.util.Arrays.fill(more, 4, 66, (byte) 'v');
    client.sendUntilRefused(
        RawHttp2.times(100, RawHttp2.frame(RawHttp2.CONTINUATION, 0, 1, more)), 1000);
  }

  @Test
  void emptyContinuationsAreCutOff() throws Exception {
    RawHttp2 client = http2();
    client.send(RawHttp2.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.GET));
    client.sendUntilRefused(
        RawHttp2.times(1000, RawHttp2.frame(RawHttp2.CONTINUATION, 0, 1, new byte[0])), 1000);
  }

  @ParameterizedTest
  @ValueSource(ints = {RawHttp2.SETTINGS, RawHttp2.PING})
  void aFloodOfFramesThatWantAnswersWhichNobodyReadsEndsTheConnection(int type) throws Exception {
    byte[] payload = new byte[type == RawHttp2.PING ? 8 : 0];
    http2().sendUntilRefused(RawHttp2.times(1000, RawHttp2.frame(type, 0, 0, payload)), 4000);
  }

  @Test
  void aFloodOfEmptyDataEndsTheConnection() throws Exception {
    RawHttp2 client = http2();
    byte[] post = {(byte) 0x83, (byte) 0x87, (byte) 0x84, 0x41, 1, 'x'};
    client.send(RawHttp2.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, post));
    client.sendUntilRefused(
        RawHttp2.times(100, RawHttp2.frame(RawHttp2.DATA, 0, 1, new byte[0])), 1000);
  }

  @Test
  void aHeaderOfFewBytesThatMeansManyIsRefused() throws Exception {
    RawHttp2 client = http2();
    byte[] value = new byte[3900];
    java.util.Arrays.fill(value, (byte) 'v');
    ByteBuffer block = ByteBuffer.allocate(5000);
    block.put(RawHttp2.GET).put(new byte[] {0x40, 1, 'n', 0x7f, (byte) 0xbd, 0x1d}).put(value);
    for (int i = 0; i < 1000; i++) {
      block.put((byte) 0xbe); // the same header again
    }
    byte[] bytes = java.util.Arrays.copyOf(block.array(), block.position());
    client.send(
        RawHttp2.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 1, bytes));
    int before = handled.get();
    assertThat(client.next(1)).isIn(RawHttp2.HEADERS, RawHttp2.RST_STREAM);
    assertThat(handled.get()).isEqualTo(before);
  }

  /** As in CVE-2025-8671: a window that grows by nothing is an error of its stream. */
  @Test
  void aFloodOfStreamsThatTheServerHasToResetEndsTheConnection() throws Exception {
    RawHttp2 client = http2();
    byte[] post = {(byte) 0x83, (byte) 0x87, (byte) 0x84, 0x41, 1, 'x'};
    ByteBuffer all = ByteBuffer.allocate(1000 * 28);
    for (int stream = 1; stream < 2000; stream += 2) {
      all.put(RawHttp2.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, post));
      all.put(RawHttp2.frame(RawHttp2.WINDOW_UPDATE, 0, stream, new byte[4]));
    }
    Queue<String> warnings = new ConcurrentLinkedQueue<>();
    Logger logger = Logger.getLogger("kapell.http");
    java.util.logging.Handler listener = listener(warnings);
    logger.addHandler(listener);
    try {
      client.sendUntilRefused(all.array(), 1);
    } finally {
      logger.removeHandler(listener);
    }
    assertThat(warnings).as("of what a peer does wrong").isEmpty();
  }

  @Test
  void aConnectionOfHttp2ThatAsksForNothingIsDropped() throws Exception {
    http2().readToEnd();
  }

  @Test
  void aHeadOfHttp2ThatDoesNotGoOnIsNotWaitedFor() throws Exception {
    RawHttp2 client = http2();
    client.send(RawHttp2.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.GET));
    client.readToEnd();
  }

  @Test
  void aBodySentByteByByteIsAnswered408() throws Exception {
    RawClient client = raw().send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
    Thread dripping =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < 1000; i++) {
                      client.send("a");
                      Thread.sleep(100);
                    }
                  } catch (IOException | InterruptedException ended) {
                    return; // refused, which the reader sees
                  }
                });
    assertThat(client.readUntil("\r\n")).contains(" 408 ");
    dripping.interrupt();
    dripping.join();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/pieces", "/stream"})
  void anAnswerThatNobodyTakesIsGivenUp(String path) throws Exception {
    RawClient client = raw().send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(ended.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    client.close();
  }

  @Test
  void anAnswerOfHttp2ThatNobodyTakesIsGivenUp() throws Exception {
    RawHttp2 client = http2();
    byte[] shut = {0, 4, 0, 0, 0, 0}; // INITIAL_WINDOW_SIZE
    client.send(RawHttp2.frame(RawHttp2.SETTINGS, 0, 0, shut));
    byte[] get = {
      (byte) 0x82, (byte) 0x87, 0x04, 7, '/', 'p', 'i', 'e', 'c', 'e', 's', 0x41, 1, 'x'
    };
    client.send(RawHttp2.frame(RawHttp2.HEADERS, 5, 1, get));
    assertThat(client.next(1)).isEqualTo(RawHttp2.HEADERS);
    assertThat(client.next(1)).isEqualTo(RawHttp2.RST_STREAM);
  }

  @Test
  void anAnswerThatIsTakenSlowlyArrives() throws Exception {
    RawClient client = raw().send("GET /pieces HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(client.readSlowly(1 << 20, 10)).isGreaterThan(BIG);
  }

  @Test
  void anAnswerThatMayWaitWaits() throws Exception {
    RawClient client =
        raw().send("GET /unhurried HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    Thread.sleep(1500); // five times the limit
    assertThat(client.readSlowly(1 << 20, 0)).isGreaterThan(BIG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000garbage",
        "\u0000\u0000\u0000\u0000",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
      })
  void whatIsNotTlsIsDropped(String bytes) throws Exception {
    try (RawClient client = new RawClient(secure.port())) {
      assertThat(client.send(bytes).readUntil("never")).endsWith("<EOF>").doesNotContain("200 OK");
    }
  }

  @Test
  void aHandshakeThatDoesNotGoOnIsDropped() throws Exception {
    try (RawClient client = new RawClient(secure.port())) {
      assertThat(client.send("\u0016\u0003\u0001").readUntil("never")).endsWith("<EOF>");
    }
  }

  @Test
  void aConnectionThatSaysNothingAfterItsHandshakeIsDropped() throws Exception {
    RawHttp2 client = http2();
    client.close();
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), plain.port())) {
      silent.setSoTimeout(20_000);
      assertThat(silent.getInputStream().read()).isNegative();
    }
  }

  @Test
  void aHeadSentByteByByteIsNotWaitedFor() throws Exception {
    RawClient client = raw();
    String end = "";
    try {
      client.send("GET / HTTP/1.1\r\n");
      end = client.readUntil("\r\n\r\n");
    } catch (IOException reset) {
      end = "<EOF>";
    }
    assertThat(end).contains("<EOF>");
  }

  @Test
  void aBodyThatDoesNotGoOnIsAnswered408() throws Exception {
    assertThat(
            raw()
                .send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
                .readUntil("\r\n"))
        .contains(" 408 ");
  }

  @Test
  void whoOnlyClosesHisSideStillGetsHisAnswer() throws Exception {
    RawClient client = raw().send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    assertThat(client.readUntil("abc")).contains("200 OK");
    client.finish();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3x\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n"
      })
  void aRequestWhoseFramingIsUnclearIsRefused(String request) throws Exception {
    assertThat(raw().send(request).readUntil("\r\n")).containsAnyOf(" 400 ", " 413 ", "<EOF>");
  }

  @Test
  void aSelectorOfAMegabyteIsRefused() throws Exception {
    String request = "GET /?labelSelector=" + "a".repeat(1 << 20) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    String answer;
    try {
      answer = raw().send(request.getBytes(StandardCharsets.US_ASCII)).readUntil("\r\n");
    } catch (IOException reset) {
      answer = "<EOF>";
    }
    assertThat(answer).containsAnyOf(" 414 ", "<EOF>");
  }

  @Test
  void headersOfAMegabyteAreRefused() throws Exception {
    String request = "GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(170_000) + "\r\n";
    String answer;
    try {
      answer = raw().send(request.getBytes(StandardCharsets.US_ASCII)).readUntil("\r\n");
    } catch (IOException reset) {
      answer = "<EOF>";
    }
    assertThat(answer).containsAnyOf(" 431 ", "<EOF>");
  }
}
