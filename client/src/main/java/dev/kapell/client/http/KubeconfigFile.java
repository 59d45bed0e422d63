package dev.kapell.client.http;

import dev.kapell.api.yaml.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a kubeconfig: the current context's cluster and user. Certificates, keys and tokens may be
 * inline or in files.
 */
public final class KubeconfigFile {
  private final Path file;
  private final Object tree;

  private KubeconfigFile(Path file, Object tree) {
    this.file = file;
    this.tree = tree;
  }

  /** The credentials of the current context. Fails with what is missing. */
  public static Credentials read(Path file) {
    try {
      List<Object> documents = Yaml.documents(Files.readString(file));
      return new KubeconfigFile(file, documents.isEmpty() ? Map.of() : documents.getFirst())
          .credentials();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private Credentials credentials() {
    Object context = named("contexts", "context", text(tree, "current-context"));
    Object cluster = named("clusters", "cluster", text(context, "cluster"));
    Object user = named("users", "user", text(context, "user"));
    String server = text(cluster, "server");
    if (server.isEmpty()) {
      throw new IllegalArgumentException(file + " names no server for its current context");
    }
    String namespace = text(context, "namespace");
    Optional<String> token = Optional.of(text(user, "token")).filter(t -> !t.isEmpty());
    return new Credentials(
        URI.create(server.endsWith("/") ? server.substring(0, server.length() - 1) : server),
        pem(cluster, "certificate-authority"),
        pem(user, "client-certificate"),
        pem(user, "client-key"),
        token.or(() -> fileText(user, "tokenFile")),
        namespace.isEmpty() ? "default" : namespace);
  }

  private @Nullable Object named(String list, String member, String name) {
    if (member(tree, list) instanceof List<?> entries) {
      for (Object entry : entries) {
        if (text(entry, "name").equals(name)) {
          return member(entry, member);
        }
      }
    }
    throw new IllegalArgumentException(file + " has no \"" + name + "\" under " + list);
  }

  private Optional<String> pem(@Nullable Object owner, String name) {
    String inline = text(owner, name + "-data");
    if (!inline.isEmpty()) {
      return Optional.of(
          new String(Base64.getMimeDecoder().decode(inline), StandardCharsets.US_ASCII));
    }
    return fileText(owner, name);
  }

  private Optional<String> fileText(@Nullable Object owner, String name) {
    String path = text(owner, name);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(file.resolveSibling(path)).strip() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path + ", named in " + file, e);
    }
  }

  private static @Nullable Object member(@Nullable Object owner, String name) {
    return owner instanceof Map<?, ?> map ? map.get(name) : null;
  }

  private static String text(@Nullable Object owner, String name) {
    return member(owner, name) instanceof String text ? text : "";
  }
}
