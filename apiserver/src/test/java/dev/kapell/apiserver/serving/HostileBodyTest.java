package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Few bytes that mean much: each is refused with a sentence, and the server serves on. */
class HostileBodyTest {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final int DEEP = 100_000;

  @TempDir private static Path keys;
  private static Served served;

  @BeforeAll
  static void start() throws Exception {
    served = new Served(keys);
    served.post(MAPS, "application/json", "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"v\"}}");
  }

  @AfterAll
  static void stop() throws Exception {
    assertThat(served.get(MAPS + "/a").statusCode()).as("it serves on").isEqualTo(200);
    served.close();
  }

  private static void assertRefused(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isBetween(400, 499);
    assertThat(response.body()).contains("\"kind\":\"Status\"", "\"message\":\"");
  }

  private static HttpResponse<String> patch(String type, String body)
      throws IOException, InterruptedException {
    return served.send(
        served
            .to(MAPS + "/a?fieldManager=me")
            .header("Content-Type", type)
            .method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
  }

  static List<String> deepJson() {
    String arrays = "[".repeat(DEEP) + "]".repeat(DEEP);
    String objects = "{\"a\":".repeat(DEEP) + "1" + "}".repeat(DEEP);
    return List.of(
        arrays,
        objects,
        "[".repeat(DEEP),
        "{\"metadata\":{\"name\":\"b\"},\"data\":" + arrays + "}",
        "{\"metadata\":{\"name\":\"b\",\"x\":" + objects + "}}",
        "{\"metadata\":{\"name\":\"b\",\"managedFields\":[{\"fieldsV1\":" + objects + "}]}}");
  }

  @ParameterizedTest
  @MethodSource("deepJson")
  void jsonNestedAHundredThousandDeepIsRefused(String body) throws Exception {
    assertRefused(served.post(MAPS + "?fieldValidation=Strict", "application/json", body));
    for (String type :
        List.of(
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json",
            "application/apply-patch+yaml")) {
      assertRefused(patch(type, body));
    }
  }

  @Test
  void anUnboundedCustomFieldIsNotNestedWithoutEnd() throws Exception {
    String crd =
        """
        {"metadata":{"name":"things.example.com"},"spec":{"group":"example.com","scope":"Namespaced",
         "names":{"plural":"things","kind":"Thing"},"versions":[{"name":"v1","served":true,"storage":true,
         "schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}""";
    assertThat(
            served
                .post(
                    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                    "application/json",
                    crd)
                .statusCode())
        .isEqualTo(201);
    String body =
        "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Thing\",\"metadata\":{\"name\":\"b\"},\"spec\":"
            + "[".repeat(DEEP)
            + "]".repeat(DEEP)
            + "}";
    assertRefused(
        served.post("/apis/example.com/v1/namespaces/default/things", "application/json", body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "&a [*a, "})
  void yamlNestedWithoutEndIsRefused(String opening) throws Exception {
    assertRefused(served.post(MAPS, "application/yaml", opening.repeat(DEEP)));
  }

  @Test
  void yamlAliasesThatMultiplyAreRefused() throws Exception {
    StringBuilder bomb = new StringBuilder("metadata: {name: b}\na0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a").append(i).append(": &a").append(i).append(" [");
      bomb.append(("*a" + (i - 1) + ",").repeat(9)).append("]\n");
    }
    bomb.append("data: *a11\n");
    assertRefused(served.post(MAPS, "application/yaml", bomb.toString()));
    assertRefused(patch("application/apply-patch+yaml", bomb.toString()));
  }

  @Test
  void aPatchThatDoublesItsObjectAgainAndAgainIsRefused() throws Exception {
    List<String> operations = new ArrayList<>();
    operations.add("{\"op\":\"add\",\"path\":\"/metadata/annotations\",\"value\":{\"x\":{}}}");
    for (int i = 0; i < 60; i++) {
      operations.add(
          "{\"op\":\"copy\",\"from\":\"/metadata/annotations\",\"path\":\"/metadata/annotations/x"
              + i
              + "\"}");
    }
    assertRefused(patch("application/json-patch+json", operations.toString()));
  }

  /** The warning about such a field went into a header that could not be sent: no answer came. */
  @ParameterizedTest
  @ValueSource(
      strings = {"\u007f", "\\u0001", "\\r\\nX-Evil: 1", "\\n", "\\u0000", "\\\"", "\u00e9"})
  void aFieldThatNoHeaderCanNameIsWarnedOfAllTheSame(String name) throws Exception {
    HttpResponse<String> answer =
        served.post(
            MAPS + "?dryRun=All",
            "application/json",
            "{\"metadata\":{\"name\":\"warned\"},\"a" + name + "b\":1}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Warning").orElse("")).contains("unknown field");
    assertThat(answer.headers().firstValue("X-Evil")).isEmpty();
  }

  @Test
  void aPatchOfTooManyStepsIsRefused() throws Exception {
    String step = "{\"op\":\"test\",\"path\":\"/data/k\",\"value\":\"v\"}";
    String body = "[" + (step + ",").repeat(20_000) + step + "]";
    assertRefused(patch("application/json-patch+json", body));
  }

  @Test
  void aCompressedBodyIsNotUnpacked() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(new byte[64 << 20]);
    }
    assertRefused(
        served.send(
            served
                .to(MAPS)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(packed.toByteArray()))));
  }

  static List<byte[]> protobuf() {
    List<byte[]> bodies = new ArrayList<>();
    byte[] magic = {'k', '8', 's', 0};
    bodies.add(magic);
    bodies.add(concat(magic, new byte[] {0x0a, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f}));
    bodies.add(
        concat(magic, new byte[] {0x12, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff}));
    byte[] type = concat(new byte[] {0x0a, 2}, "v1".getBytes(StandardCharsets.US_ASCII));
    byte[] kind = concat(new byte[] {0x12, 9}, "ConfigMap".getBytes(StandardCharsets.US_ASCII));
    byte[] meta = concat(type, kind);
    byte[] unknown = concat(concat(magic, new byte[] {0x0a, (byte) meta.length}), meta);
    // Groups (deprecated in protobuf) opened and never closed, as a raw object.
    byte[] groups = new byte[DEEP];
    java.util.Arrays.fill(groups, (byte) 0x0b);
    bodies.add(concat(unknown, field(2, groups)));
    byte[] nested = new byte[0];
    for (int i = 0; i < 5000; i++) {
      nested = field(1, nested);
    }
    bodies.add(concat(unknown, field(2, nested)));
    return bodies;
  }

  private static byte[] field(int number, byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write((number << 3) | 2);
    int length = value.length;
    while (length >= 0x80) {
      out.write((length & 0x7f) | 0x80);
      length >>>= 7;
    }
    out.write(length);
    out.writeBytes(value);
    return out.toByteArray();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @ParameterizedTest
  @MethodSource("protobuf")
  void protobufThatPromisesMoreThanItHoldsIsRefused(byte[] body) throws Exception {
    assertRefused(
        served.send(
            served
                .to(MAPS)
                .header("Content-Type", "application/vnd.kubernetes.protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "labelSelector=",
        "fieldSelector=metadata.name%3D",
        "continue=",
        "resourceVersion=",
        "fieldManager=",
        "limit="
      })
  void longParametersAreAnsweredSoon(String parameter) throws Exception {
    String value = "a%2Cb%20in%20(c),".repeat(1500);
    int code = served.get(MAPS + "?" + parameter + value).statusCode();
    assertThat(code).isLessThan(500);
    assertThat(served.get(MAPS + "?" + parameter + "(".repeat(30_000)).statusCode())
        .isLessThan(500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/namespaces/default%2Fconfigmaps/configmaps/a",
        "/api/v1/namespaces/default/configmaps/..%2F..%2Fsecrets",
        "/api/v1/namespaces/default/configmaps/a%00",
        "/api/v1/namespaces/default/configmaps/%zz",
        "/api/v1/namespaces/default/configmaps/%",
        "/apis/%0a/v1/x"
      })
  void aPathThatIsNotWhatItSeemsIsRefused(String path) throws Exception {
    // java.net.http does not send broken escapes; a plain path check stands for the wire.
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> RequestPath.parse(path))
        .hasMessageContaining("the path has");
  }
}
