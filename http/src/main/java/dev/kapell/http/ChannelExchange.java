package dev.kapell.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * The exchange as a handler sees it. The request's own thread calls it; whatever touches the
 * pipeline it hands to the event loop.
 */
final class ChannelExchange implements Exchange {
  /** What an exchange without a known sender shows, for instance one on a socket that is gone. */
  private static final InetSocketAddress NOWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final RequestHandler owner;
  private final ChannelHandlerContext ctx;
  private final Channel channel;
  private final ServerOptions options;
  private final boolean http2;
  private final String method;
  private volatile String path;
  private volatile String rawQuery;
  private volatile Headers headers;
  private final boolean keepAlive;
  private final boolean chunks;
  private final RequestContent body;
  private final WriteGate gate = new WriteGate();
  private final AtomicInteger status = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
  private final ConcurrentLinkedQueue<Runnable> endActions = new ConcurrentLinkedQueue<>();
  private volatile boolean gone;
  private volatile boolean last;
  private volatile boolean unhurried;
  private volatile long wholeBytes;
  private volatile @Nullable PushWriter pushed;
  private volatile @Nullable BlockingBody streamed;

  ChannelExchange(
      RequestHandler owner,
      ChannelHandlerContext ctx,
      HttpRequest request,
      boolean http2,
      ServerOptions options) {
    this.owner = owner;
    this.ctx = ctx;
    this.channel = ctx.channel();
    this.options = options;
    this.http2 = http2;
    this.method = request.method().name();
    int question = request.uri().indexOf('?');
    this.path = question < 0 ? request.uri() : request.uri().substring(0, question);
    this.rawQuery = question < 0 ? "" : request.uri().substring(question + 1);
    this.headers = copy(request.headers());
    this.chunks = request.protocolVersion().isKeepAliveDefault();
    this.keepAlive = chunks && HttpUtil.isKeepAlive(request);
    this.body =
        new RequestContent(
            channel,
            new Inbox(() -> ctx.executor().execute(() -> owner.resume(ctx))),
            options,
            HttpUtil.is100ContinueExpected(request));
  }

  private static Headers copy(HttpHeaders headers) {
    List<Headers.Line> lines = new ArrayList<>(headers.size());
    for (Map.Entry<String, String> entry : headers) {
      lines.add(new Headers.Line(entry.getKey(), entry.getValue()));
    }
    return new Headers(lines);
  }

  Inbox inbox() {
    return body.inbox();
  }

  /** Whether the client has been told nothing else than to go on. */
  boolean keepAlive() {
    return keepAlive && !last;
  }

  /** The handler has returned: a stream that lasts for hours need not keep what was asked. */
  void handled() {
    headers = Headers.NONE;
    path = "";
    rawQuery = "";
  }

  boolean gone() {
    return gone;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String rawQuery() {
    return rawQuery;
  }

  @Override
  public Query query() {
    return Query.parse(rawQuery);
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public boolean http2() {
    return http2;
  }

  private Channel connection() {
    Channel parent = channel.parent();
    return http2 && parent != null ? parent : channel;
  }

  @Override
  public boolean secure() {
    return connection().pipeline().get(SslHandler.class) != null;
  }

  @Override
  public List<X509Certificate> peerCertificates() {
    SslHandler tls = connection().pipeline().get(SslHandler.class);
    if (tls == null) {
      return List.of();
    }
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate certificate : tls.engine().getSession().getPeerCertificates()) {
        if (certificate instanceof X509Certificate x509) {
          chain.add(x509);
        }
      }
      return chain;
    } catch (SSLPeerUnverifiedException withoutCertificate) {
      return List.of();
    }
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return connection().remoteAddress() instanceof InetSocketAddress address ? address : NOWHERE;
  }

  @Override
  public byte[] body() throws IOException {
    return body.whole(headers);
  }

  @Override
  public boolean hasBody() {
    return body.inbox().hasEnded();
  }

  @Override
  public byte @Nullable [] readBody() throws IOException {
    return body.next();
  }

  @Override
  public void respond(int status, Headers answer, List<byte[]> segments) {
    List<byte[]> pieces = segments;
    long size = Segments.size(segments);
    Headers all = answer;
    if (Gzip.fits(this, answer, size, options.gzipFromBytes())) {
      pieces = Gzip.compress(segments);
      size = Segments.size(pieces);
      all = answer.and("Content-Encoding", "gzip").and("Vary", "Accept-Encoding");
    }
    boolean bodyless = status == 204 || status == 304;
    HttpResponse head = head(status, bodyless ? all : all.and("Content-Length", "" + size));
    begin(status);
    wholeBytes = bodyless ? 0 : size;
    if (method.equals("HEAD") || bodyless || size == 0) {
      Sent.unwatched(channel.write(head));
      finishWith(LastHttpContent.EMPTY_LAST_CONTENT);
    } else if (pieces.size() == 1 && size <= Segments.PIECE_BYTES) {
      DefaultFullHttpResponse whole =
          new DefaultFullHttpResponse(
              head.protocolVersion(),
              head.status(),
              Unpooled.wrappedBuffer(pieces.getFirst()),
              head.headers(),
              LastHttpContent.EMPTY_LAST_CONTENT.trailingHeaders());
      finishWith(whole);
    } else {
      Sent.unwatched(channel.write(head));
      startPush(new Segments(pieces), false);
    }
  }

  @Override
  public OutputStream stream(int status, Headers answer) {
    HttpResponse head = head(status, framed(answer));
    begin(status);
    Sent.unwatched(channel.writeAndFlush(head));
    BlockingBody written = new BlockingBody(channel, gate, method.equals("HEAD"), this::finished);
    streamed = written;
    return written;
  }

  @Override
  public void push(int status, Headers answer, Pushed source) {
    HttpResponse head;
    try {
      head = head(status, framed(answer));
      begin(status);
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
    Sent.unwatched(channel.writeAndFlush(head));
    if (method.equals("HEAD")) {
      source.close();
      finishWith(LastHttpContent.EMPTY_LAST_CONTENT);
    } else {
      owner.pushes();
      startPush(source, true);
    }
  }

  /**
   * @param endless whether it is ended where it is when the server closes
   */
  private void startPush(Pushed source, boolean endless) {
    PushWriter writer = new PushWriter(channel, source, this::finished);
    ctx.executor()
        .execute(
            () -> {
              if (gone) {
                source.close();
                return;
              }
              pushed = writer;
              writer.start();
              if (endless && owner.ending()) {
                writer.end();
              }
            });
  }

  private Headers framed(Headers answer) {
    boolean known = answer.first("Content-Length").isPresent();
    return known || http2 || !chunks ? answer : answer.and("Transfer-Encoding", "chunked");
  }

  private HttpResponse head(int status, Headers answer) {
    HttpResponse head =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    for (Headers.Line line : answer.lines()) {
      head.headers().add(line.name(), line.value());
    }
    if (owner.draining()) {
      last = true;
    }
    if (!keepAlive() && !http2) {
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    return head;
  }

  /** The head is made by now: one that cannot be made leaves room for another answer. */
  private void begin(int answer) {
    if (!status.compareAndSet(0, answer)) {
      throw new IllegalStateException("already answered: " + method + " " + path);
    }
  }

  /** Answers with a sentence, or breaks the connection when an answer is already under way. */
  void refuse(int status, String sentence) {
    if (answered()) {
      Sent.hangUp(channel);
      return;
    }
    respond(
        status,
        Headers.contentType("text/plain; charset=utf-8"),
        (sentence + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Tunnel upgrade(Headers answer) throws IOException {
    if (http2) {
      throw new HttpFailure(400, "HTTP/2 has no upgrade; connect with HTTP/1.1");
    }
    HttpResponse head = switchingHead(answer);
    begin(101);
    lasts();
    CompletableFuture<Tunnel> done = new CompletableFuture<>();
    ctx.executor().execute(() -> switchOver(head, done));
    try {
      return done.join();
    } catch (CompletionException e) {
      throw new IOException("the upgrade failed", e);
    }
  }

  private static HttpResponse switchingHead(Headers answer) {
    HttpResponse head =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
    head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
    for (Headers.Line line : answer.lines()) {
      head.headers().add(line.name(), line.value());
    }
    return head;
  }

  private void switchOver(HttpResponse head, CompletableFuture<Tunnel> done) {
    try {
      if (gone || owner.hasEarly()) {
        Sent.hangUp(channel);
        throw new IOException("the client closed the connection or did not wait for the upgrade");
      }
      Sent.unwatched(channel.writeAndFlush(head));
      ByteTunnel tunnel = new ByteTunnel(channel, this::tunnelClosed);
      ChannelPipeline pipeline = channel.pipeline();
      owner.surrender();
      pipeline.addLast(tunnel);
      pipeline.remove(owner);
      pipeline.remove(HttpServerCodec.class);
      pipeline.remove(HeadDeadline.class);
      done.complete(tunnel);
    } catch (IOException | RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  private void tunnelClosed() {
    owner.tunnelClosed();
    ended();
  }

  @Override
  public int status() {
    return status.get();
  }

  @Override
  public boolean answered() {
    return status.get() != 0;
  }

  @Override
  public void lasts() {
    owner.lasts();
  }

  @Override
  public void unhurried() {
    unhurried = true;
  }

  @Override
  public long answerBytes() {
    BlockingBody written = streamed;
    return written == null ? wholeBytes : written.givenBytes();
  }

  /** Whether something of the answer waits for a client that should take it. */
  boolean isHeldUp() {
    return answered() && !unhurried && pendingBytes() > 0;
  }

  /** How much of the answer the client has taken: it has stalled where that stays the same. */
  long takenBytes() {
    PushWriter writer = pushed;
    return (writer == null ? answerBytes() : writer.givenBytes()) - pendingBytes();
  }

  private long pendingBytes() {
    long most = channel.config().getWriteBufferHighWaterMark();
    long least = channel.config().getWriteBufferLowWaterMark();
    return channel.isWritable()
        ? most - channel.bytesBeforeUnwritable()
        : least + channel.bytesBeforeWritable();
  }

  /**
   * Gives up a client that takes nothing: without TLS' farewell, which it would not take either.
   */
  void hangUp() {
    ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
    if (tls == null) {
      Sent.hangUp(channel);
    } else {
      tls.close().addListener(_ -> {});
    }
  }

  @Override
  public void afterwards(Runnable action) {
    Sent.after(ctx.executor(), action);
  }

  @Override
  public void onEnd(Runnable action) {
    endActions.add(action);
    if (over.get()) {
      runEndActions();
    }
  }

  /** Sends the end of the answer; a client to which that cannot be sent is not left waiting. */
  private void finishWith(Object end) {
    channel
        .writeAndFlush(end)
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                Sent.hangUp(channel);
              }
              finished();
            });
  }

  private void finished() {
    ctx.executor().execute(() -> owner.answered(ctx));
  }

  /** The answer is out or the client is gone. */
  void ended() {
    over.set(true);
    runEndActions();
  }

  private void runEndActions() {
    for (Runnable action = endActions.poll(); action != null; action = endActions.poll()) {
      action.run();
    }
  }

  void writabilityChanged() {
    gate.signal();
    PushWriter writer = pushed;
    if (writer != null && channel.isWritable()) {
      writer.pump();
    }
  }

  void endPushed() {
    PushWriter writer = pushed;
    if (writer != null) {
      ctx.executor().execute(writer::end);
    }
  }

  /** The client is gone. */
  void leave() {
    gone = true;
    gate.signal();
    PushWriter writer = pushed;
    if (writer != null) {
      writer.stop();
    }
  }
}
