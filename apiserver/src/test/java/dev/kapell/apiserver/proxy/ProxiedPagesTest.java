package dev.kapell.apiserver.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.http.Headers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProxiedPagesTest {
  private final ProxiedPages pages = new ProxiedPages("/api/proxy", "10.42.0.2:80");

  private String page(String html) {
    byte[] body = pages.body(html.getBytes(StandardCharsets.UTF_8));
    return new String(body, StandardCharsets.UTF_8);
  }

  private String moved(String location) {
    return pages.headers(Headers.of("Location", location)).first("Location").orElseThrow();
  }

  @Test
  void leadsTheLinksOfAPageBackThroughTheProxy() {
    assertThat(page("<a href=\"/rewriteme\">test</a>"))
        .isEqualTo("<a href=\"/api/proxy/rewriteme\">test</a>");
    assertThat(page("<IMG alt='x' src='/a.png'>é"))
        .isEqualTo("<IMG alt='x' src='/api/proxy/a.png'>é");
  }

  @Test
  void leavesOtherLinksAndOtherTextAlone() {
    String other =
        "<a href=\"near\"><a href=\"//cdn/x\"><a href=\"http://h/x\"> href=\"/text\" $1 \\";
    assertThat(page(other)).isEqualTo(other);
  }

  @Test
  void leadsRedirectsBackThroughTheProxy() {
    assertThat(moved("/login")).isEqualTo("/api/proxy/login");
    assertThat(moved("http://10.42.0.2:80/login")).isEqualTo("/api/proxy/login");
    assertThat(moved("https://example.com/")).isEqualTo("https://example.com/");
  }

  @Test
  void takesPlainHtmlOnly() {
    assertThat(pages.takesBody(Headers.contentType("text/html; charset=utf-8"))).isTrue();
    assertThat(pages.takesBody(Headers.contentType("application/json"))).isFalse();
    assertThat(pages.takesBody(Headers.contentType("text/html").and("Content-Encoding", "gzip")))
        .isFalse();
  }
}
