package dev.kapell.network.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/** The name servers in a {@code resolv.conf}, read again when the file changes. Thread-safe. */
final class Upstreams {
  private static final int MAX_SERVERS = 3;
  private static final int PORT = 53;

  private record Known(FileTime changed, List<InetSocketAddress> servers) {}

  private final Path resolvConf;
  private final InetAddress self;
  private volatile Known known = new Known(FileTime.fromMillis(-1), List.of());

  /** Never names {@code self}, so that a question cannot run in a circle. */
  Upstreams(Path resolvConf, InetAddress self) {
    this.resolvConf = resolvConf;
    this.self = self;
  }

  /** In the file's order, at most three; empty when there is no file. */
  List<InetSocketAddress> servers() {
    try {
      FileTime changed = Files.getLastModifiedTime(resolvConf);
      Known now = known;
      if (!changed.equals(now.changed())) {
        now = new Known(changed, parse(Files.readString(resolvConf)));
        known = now;
      }
      return now.servers();
    } catch (NoSuchFileException e) {
      return List.of(); // a machine without a network
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<InetSocketAddress> parse(String text) {
    List<InetSocketAddress> servers = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length >= 2 && words[0].equals("nameserver") && servers.size() < MAX_SERVERS) {
        add(words[1], servers);
      }
    }
    return List.copyOf(servers);
  }

  private void add(String literal, List<InetSocketAddress> servers) {
    try {
      InetAddress address = InetAddress.ofLiteral(literal);
      if (!address.equals(self)) {
        servers.add(new InetSocketAddress(address, PORT));
      }
    } catch (IllegalArgumentException e) {
      System.getLogger("kapell.network")
          .log(
              System.Logger.Level.WARNING,
              "upstream skipped server=" + literal + " in " + resolvConf);
    }
  }
}
