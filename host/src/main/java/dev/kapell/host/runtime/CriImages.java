package dev.kapell.host.runtime;

import dev.kapell.base.Clock;
import dev.kapell.host.process.Command;
import dev.kapell.host.process.CommandFailure;
import dev.kapell.host.process.Processes;
import dev.kapell.host.runtime.RuntimeFailure.Kind;
import dev.kapell.host.runtime.cri.AuthConfig;
import dev.kapell.host.runtime.cri.FilesystemUsage;
import dev.kapell.host.runtime.cri.ImageFsInfoRequest;
import dev.kapell.host.runtime.cri.ImageServiceGrpc;
import dev.kapell.host.runtime.cri.ImageServiceGrpc.ImageServiceBlockingStub;
import dev.kapell.host.runtime.cri.ImageStatusRequest;
import dev.kapell.host.runtime.cri.ImageStatusResponse;
import dev.kapell.host.runtime.cri.ListImagesRequest;
import dev.kapell.host.runtime.cri.PullImageRequest;
import dev.kapell.host.runtime.cri.RemoveImageRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Images through CRI; archives through containerd's own {@code ctr}, as CRI cannot load any. */
final class CriImages implements Images {
  private static final Duration CALL_LIMIT = Duration.ofMinutes(2);
  private static final Duration PULL_LIMIT = Duration.ofMinutes(10);
  private static final Duration VISIBLE_LIMIT = Duration.ofSeconds(10);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);
  private static final String IMPORTED = "unpacking ";

  private final CriConnection connection;
  private final Processes processes;
  private final Clock clock;

  CriImages(CriConnection connection, Processes processes, Clock clock) {
    this.connection = connection;
    this.processes = processes;
    this.clock = clock;
  }

  private <T> T call(String what, Duration limit, Function<ImageServiceBlockingStub, T> call) {
    return connection.call(
        what,
        () ->
            call.apply(
                ImageServiceGrpc.newBlockingStub(connection.channel())
                    .withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS)));
  }

  @Override
  public List<Image> list() {
    return call(
            "list images",
            CALL_LIMIT,
            stub -> stub.listImages(ListImagesRequest.getDefaultInstance()))
        .getImagesList()
        .stream()
        .map(CriAnswers::image)
        .toList();
  }

  @Override
  public Optional<Image> find(String nameOrId) {
    var request = ImageStatusRequest.newBuilder().setImage(CriRequests.image(nameOrId)).build();
    ImageStatusResponse answer =
        call("find image " + nameOrId, CALL_LIMIT, stub -> stub.imageStatus(request));
    return answer.hasImage() ? Optional.of(CriAnswers.image(answer.getImage())) : Optional.empty();
  }

  @Override
  public String pull(String name, @Nullable RegistryAuth auth) {
    PullImageRequest.Builder request =
        PullImageRequest.newBuilder().setImage(CriRequests.image(name));
    if (auth != null) {
      request.setAuth(
          AuthConfig.newBuilder()
              .setUsername(auth.username())
              .setPassword(auth.password())
              .setServerAddress(auth.serverAddress())
              .setIdentityToken(auth.identityToken()));
    }
    try {
      return call("pull " + name, PULL_LIMIT, stub -> stub.pullImage(request.build()))
          .getImageRef();
    } catch (RuntimeFailure e) {
      throw CriFailures.ofPull(e);
    }
  }

  @Override
  public void remove(String nameOrId) {
    var request = RemoveImageRequest.newBuilder().setImage(CriRequests.image(nameOrId)).build();
    try {
      call("remove image " + nameOrId, CALL_LIMIT, stub -> stub.removeImage(request));
    } catch (RuntimeFailure e) {
      if (!e.is(Kind.NOT_FOUND)) {
        throw e;
      }
    }
  }

  @Override
  public List<String> load(Path archive) {
    if (!Files.isReadable(archive)) {
      throw new RuntimeFailure(Kind.NOT_FOUND, "cannot read the image archive " + archive);
    }
    connection.connected();
    try (PlainArchive plain = PlainArchive.of(archive, connection.socket().resolveSibling("."))) {
      List<String> names = importTar(plain.file(), baseName(archive));
      if (names.isEmpty()) {
        throw new RuntimeFailure(Kind.OTHER, archive + " holds no image for this machine");
      }
      for (String name : names) {
        awaitVisible(name);
      }
      return names;
    } catch (CommandFailure | IOException e) {
      throw new RuntimeFailure(
          Kind.OTHER,
          archive + " is no image archive that containerd can read: " + e.getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeFailure(Kind.INTERRUPTED, "interrupted while loading " + archive, e);
    }
  }

  private List<String> importTar(Path file, String baseName) throws InterruptedException {
    Command command =
        Command.of(
                "ctr",
                "--address",
                connection.socket().toString(),
                "--namespace",
                "k8s.io",
                "images",
                "import",
                "--base-name",
                "localhost/" + baseName,
                file.toString())
            .withLimit(PULL_LIMIT);
    return processes
        .require(command)
        .lines()
        .filter(line -> line.startsWith(IMPORTED))
        .map(line -> line.substring(IMPORTED.length()).split(" ", 2)[0])
        .toList();
  }

  /** The name of an image whose archive tells no more than a tag. */
  private static String baseName(Path archive) {
    String file = String.valueOf(archive.getFileName());
    return file.replaceFirst("\\.(tar|tgz|tar\\.gz)$", "")
        .toLowerCase(java.util.Locale.ROOT)
        .replaceAll("[^a-z0-9._-]+", "-");
  }

  /** CRI hears of imported images by an event inside containerd, a few milliseconds later. */
  private void awaitVisible(String name) throws InterruptedException {
    long deadline = clock.nanoTime() + VISIBLE_LIMIT.toNanos();
    while (find(name).isEmpty()) {
      if (clock.nanoTime() > deadline) {
        throw new RuntimeFailure(Kind.OTHER, "the imported image " + name + " does not appear");
      }
      clock.sleep(BETWEEN_LOOKS);
    }
  }

  @Override
  public ImageUsage usage() {
    List<FilesystemUsage> all =
        call(
                "image file system",
                CALL_LIMIT,
                stub -> stub.imageFsInfo(ImageFsInfoRequest.getDefaultInstance()))
            .getImageFilesystemsList();
    return CriAnswers.usage(all.isEmpty() ? FilesystemUsage.getDefaultInstance() : all.getFirst());
  }
}
