package dev.kapell.apiserver.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.apiserver.tree.Settings;
import dev.kapell.base.Randomness;
import dev.kapell.store.Key;
import dev.kapell.store.Op;
import dev.kapell.store.SqliteStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreException;
import dev.kapell.store.StoreOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncryptionTest {
  private static final Key SECRET = new Key("secrets", "default/db");
  private static final Key MAP = new Key("configmaps", "default/plain");
  private static final String HIDDEN = "{\"data\":{\"password\":\"c3dvcmRmaXNo\"}}";

  @TempDir private Path folder;

  private Path keys() {
    return folder.resolve("pki/encryption.yaml");
  }

  private Path file() {
    return folder.resolve("state/kapell.db");
  }

  private Encryption own() throws IOException {
    return Encryption.own(keys(), Randomness.secure());
  }

  private Store open(Encryption encryption) {
    return SqliteStore.open(file(), StoreOptions.defaults().withAtRest(encryption));
  }

  private static void put(Store store, Key key, String value) throws InterruptedException {
    store.write(new Op.Put(key, value.getBytes(StandardCharsets.UTF_8), Op.ANY, -1));
  }

  private static String read(Store store, Key key) {
    return new String(store.snapshot().get(key).orElseThrow().value(), StandardCharsets.UTF_8);
  }

  /** Everything that lies on the disk, the write-ahead log with it. */
  private String disk() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(file().getParent())) {
      for (Path each : files.toList()) {
        all.append(Files.readString(each, StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void aSecretIsNowhereOnTheDiskAndReadsAsItWas() throws Exception {
    try (Store store = open(own())) {
      put(store, SECRET, HIDDEN);
      put(store, MAP, "{\"data\":{\"colour\":\"blue\"}}");
      assertThat(disk()).doesNotContain("c3dvcmRmaXNo").contains("blue", "k8s:enc:aesgcm:v1:key-");
      assertThat(read(store, SECRET)).isEqualTo(HIDDEN);
    }
    assertThat(disk()).doesNotContain("c3dvcmRmaXNo");
    try (Store store = open(own())) {
      assertThat(read(store, SECRET)).isEqualTo(HIDDEN);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys())))
        .isEqualTo("rw-------");
  }

  @Test
  void secretsFromBeforeAreEncryptedWhenTheStoreOpens() throws Exception {
    try (Store store = SqliteStore.open(file(), StoreOptions.defaults())) {
      put(store, SECRET, HIDDEN);
      put(store, SECRET, HIDDEN + " ");
      put(store, new Key("secrets", "default/gone"), HIDDEN);
      store.write(new Op.Delete(new Key("secrets", "default/gone"), Op.ANY, new byte[0], -1));
      store.compact(store.snapshot().revision());
      assertThat(disk()).contains("c3dvcmRmaXNo");
    }
    try (Store store = open(own())) {
      assertThat(disk()).doesNotContain("c3dvcmRmaXNo");
      assertThat(read(store, SECRET)).isEqualTo(HIDDEN + " ");
    }
    try (Store store = open(own())) {
      assertThat(read(store, SECRET)).isEqualTo(HIDDEN + " ");
    }
  }

  @Test
  void aRotationEncryptsAgainAndForgetsTheOldKey() throws Exception {
    Encryption encryption = own();
    String before;
    try (Store store = open(encryption)) {
      put(store, SECRET, HIDDEN);
      put(store, MAP, "{}");
      before = Files.readString(keys());
      assertThat(encryption.rotate(store)).isEqualTo(1);
      assertThat(read(store, SECRET)).isEqualTo(HIDDEN);
      put(store, SECRET, HIDDEN + " ");
    }
    assertThat(Files.readString(keys())).isNotEqualTo(before).containsOnlyOnce("name:");
    try (Store store = open(own())) {
      assertThat(read(store, SECRET)).isEqualTo(HIDDEN + " ");
    }
    Files.writeString(keys(), before);
    assertThatThrownBy(() -> open(own()))
        .isInstanceOf(StoreException.class)
        .hasMessageContainingAll("secrets encrypted with key", "does not hold", "your backup");
  }

  @Test
  void aMissingKeyIsRefusedAndNoNewOneTakesItsPlace() throws Exception {
    try (Store store = open(own())) {
      put(store, SECRET, HIDDEN);
    }
    Files.delete(keys());
    assertThatThrownBy(() -> open(own()))
        .isInstanceOf(StoreException.class)
        .hasMessageContainingAll(keys().toString(), "is missing", "your backup");
    assertThat(keys()).doesNotExist();
  }

  @Test
  void aWrongKeyIsRefused() throws Exception {
    try (Store store = open(own())) {
      put(store, SECRET, HIDDEN);
    }
    String text = Files.readString(keys());
    Files.writeString(keys(), text.replaceAll("secret: .*", "secret: " + "A".repeat(43) + "="));
    assertThatThrownBy(() -> open(own()))
        .isInstanceOf(StoreException.class)
        .hasMessageContainingAll("is not the one that secrets/default/db was encrypted with");
  }

  @Test
  void aSecretInThePlaceOfAnotherIsNotOpened() throws Exception {
    EncryptionKey key = EncryptionKey.of("k", new byte[32]);
    byte[] sealed = key.seal(SECRET, HIDDEN.getBytes(StandardCharsets.UTF_8), new byte[12]);
    assertThat(key.open(SECRET, sealed)).isPresent();
    assertThat(key.open(new Key("secrets", "default/other"), sealed)).isEmpty();
  }

  @Test
  void keysThatOthersCanReadAreRefused() throws Exception {
    try (Store store = open(own())) {
      put(store, SECRET, HIDDEN);
    }
    Files.setPosixFilePermissions(keys(), PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(this::own).hasMessageContaining("chmod 600");
  }

  @Test
  void aConfigurationSaysWhatIsEncryptedAndItsChangeEncryptsAtTheStart() throws Exception {
    Path configuration = folder.resolve("config.yaml");
    String text =
        """
        apiVersion: apiserver.config.k8s.io/v1
        kind: EncryptionConfiguration
        resources:
        - resources: [configmaps, "*.apps"]
          providers:
          - aesgcm:
              keys:
              - {name: one, secret: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}
          - identity: {}
        """;
    write(configuration, text);
    Key deployment = new Key("apps/deployments", "default/web");
    Encryption first = Encryption.configured(configuration, Randomness.secure());
    try (Store store = open(first)) {
      put(store, SECRET, HIDDEN);
      put(store, MAP, "blue");
      put(store, deployment, "green");
      assertThat(disk()).contains("c3dvcmRmaXNo").doesNotContain("blue", "green");
      assertThatThrownBy(() -> first.rotate(store)).hasMessageContaining("restart");
    }
    write(
        configuration,
        text.replace("[configmaps, \"*.apps\"]", "[secrets]")
            .replace("          - identity: {}\n", ""));
    try (Store store = open(Encryption.configured(configuration, Randomness.secure()))) {
      assertThat(disk()).doesNotContain("c3dvcmRmaXNo").contains("blue", "green");
      assertThat(read(store, deployment)).isEqualTo("green");
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          resources: []                                                        | at least one resource
          resources: [{resources: [], providers: [{identity: {}}]}]            | resources[0].resources must name
          resources: [{resources: [secrets], providers: []}]                   | providers must name
          resources: [{resources: [secrets], providers: [{kms: {name: a}}]}]   | kms is not supported
          resources: [{resources: [secrets], providers: [{aescbc: {}}]}]       | use aesgcm
          resources: [{resources: [secrets], providers: [{rot13: {}}]}]        | rot13 is not a known field
          resources: [{resources: [secrets], providers: [{aesgcm: {}}]}]       | at least one key
          resources: [{resources: [secrets], providers: [{aesgcm: {keys: [{name: a, secret: "AAAA"}]}}]}] | 16, 24 or 32 bytes
          resources: [{resources: [secrets], providers: [{aesgcm: {keys: [{name: a, secret: "!"}]}}]}]    | not base64
          resources: [{resources: [secrets], providers: [{aesgcm: {keys: [{name: "a:b", secret: AAAAAAAAAAAAAAAAAAAAAA==}]}}]}] | no colon
          resource: []                                                         | resource is not a known field
          resources: secrets                                                   | must be a list
          """)
  void aConfigurationThatMakesNoSenseIsRefused(String line, String message) throws Exception {
    String yaml = "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n" + line;
    Path configuration = folder.resolve("config.yaml");
    write(configuration, yaml);
    assertThatThrownBy(() -> Encryption.configured(configuration, Randomness.secure()))
        .isInstanceOf(Settings.Invalid.class)
        .hasMessageContainingAll(configuration.toString(), message);
  }
}
