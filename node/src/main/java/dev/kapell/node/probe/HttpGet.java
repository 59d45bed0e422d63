package dev.kapell.node.probe;

import dev.kapell.api.core.v1.HTTPGetAction;
import dev.kapell.api.core.v1.HTTPHeader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * One GET without following links or checking certificates, as probes are meant: 200 to 399 is
 * good.
 */
final class HttpGet {
  private static final int LONGEST_LINE = 4096;

  /** Believes everybody: a probe asks whether somebody answers, not who. */
  private static final class Credulous implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {}

    @Override
    public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private @Nullable SSLContext tls;

  Answer get(Target target, HTTPGetAction action, Duration limit, String agent) {
    int port = target.port(action.port());
    String host = action.hostOr("").isEmpty() ? target.host() : action.hostOr("");
    int millis = Math.toIntExact(limit.toMillis());
    String url =
        action.schemeOr("HTTP").toLowerCase(java.util.Locale.ROOT)
            + "://"
            + host
            + ":"
            + port
            + action.pathOr("/");
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(host, port), millis);
      plain.setSoTimeout(millis);
      boolean secure = action.schemeOr("HTTP").equalsIgnoreCase("HTTPS");
      try (Socket socket =
          secure ? context().getSocketFactory().createSocket(plain, host, port, true) : plain) {
        socket.getOutputStream().write(request(action, host + ":" + port, agent));
        return judge(statusLine(socket.getInputStream()), url);
      }
    } catch (IOException | GeneralSecurityException e) {
      return Answer.bad("Get \"" + url + "\": " + e.getMessage());
    }
  }

  private static byte[] request(HTTPGetAction action, String authority, String agent) {
    String path = action.pathOr("/");
    StringBuilder text =
        new StringBuilder("GET " + (path.startsWith("/") ? path : "/" + path) + " HTTP/1.1\r\n");
    boolean ownHost =
        action.httpHeaders().stream().anyMatch(h -> h.nameOr("").equalsIgnoreCase("Host"));
    boolean ownAgent =
        action.httpHeaders().stream().anyMatch(h -> h.nameOr("").equalsIgnoreCase("User-Agent"));
    if (!ownHost) {
      text.append("Host: ").append(authority).append("\r\n");
    }
    if (!ownAgent) {
      text.append("User-Agent: ").append(agent).append("\r\n");
    }
    for (HTTPHeader header : action.httpHeaders()) {
      text.append(header.nameOr("")).append(": ").append(header.valueOr("")).append("\r\n");
    }
    return text.append("Accept: */*\r\nConnection: close\r\n\r\n")
        .toString()
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String statusLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n' && line.length() < LONGEST_LINE; b = in.read()) {
      line.append((char) b);
    }
    return line.toString().strip();
  }

  private static Answer judge(String line, String url) {
    String[] words = line.split(" ", 3);
    if (words.length < 2 || !words[1].matches("\\d{3}")) {
      return Answer.bad("Get \"" + url + "\": the answer is not HTTP");
    }
    int status = Integer.parseInt(words[1]);
    return status >= 200 && status < 400
        ? Answer.GOOD
        : Answer.bad("HTTP probe failed with statuscode: " + status);
  }

  private synchronized SSLContext context() throws GeneralSecurityException {
    SSLContext context = tls;
    if (context == null) {
      context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Credulous()}, null);
      tls = context;
    }
    return context;
  }
}
