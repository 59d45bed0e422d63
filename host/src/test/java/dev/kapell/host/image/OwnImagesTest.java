package dev.kapell.host.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnImagesTest {
  @TempDir Path directory;

  @Test
  void theSameInputGivesTheSameBytes() throws Exception {
    Path first = archive("first.tar");
    Path second = archive("second.tar");
    assertThat(Files.mismatch(first, second)).isEqualTo(-1);
  }

  private Path archive(String name) throws Exception {
    OciArchive archive = new OciArchive();
    ImageSpec pause = OwnImages.pause("amd64");
    ImageSpec toolbox =
        OwnImages.toolbox("amd64", new byte[] {1, 2, 3}, List.of("[", "busybox", "sh"));
    assertThat(archive.add(pause)).isEqualTo(OciArchive.idOf(pause));
    assertThat(archive.add(toolbox)).isEqualTo(OciArchive.idOf(toolbox));
    Path file = directory.resolve(name);
    archive.writeTo(file);
    return file;
  }

  @Test
  void theToolboxIsAnArchiveThatTarReads() throws Exception {
    ImageSpec toolbox =
        OwnImages.toolbox("amd64", new byte[] {1, 2, 3}, List.of("[", "busybox", "sh"));
    Path file = directory.resolve("layer.tar");
    Files.write(file, toolbox.layer());
    Process tar = new ProcessBuilder("tar", "-tvf", file.toString()).start();
    String listing = new String(tar.getInputStream().readAllBytes(), UTF_8);
    assertThat(tar.waitFor()).isZero();
    assertThat(listing)
        .contains("bin/sh -> busybox")
        .contains("drwxrwxrwt 0/0", "etc/passwd")
        .doesNotContain("busybox -> busybox");
  }

  @Test
  void thePauseProgramWaitsAndEndsWhenAsked() throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("os.arch").equals("amd64"),
        "skipped: machine code of another processor");
    Path file = directory.resolve("pause");
    Files.write(file, PauseProgram.forArchitecture("amd64"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    Process pause = new ProcessBuilder(file.toString()).start();
    assertThat(pause.waitFor(50, TimeUnit.MILLISECONDS)).isFalse();
    pause.destroy();
    assertThat(pause.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(pause.exitValue()).isZero();
  }

  /** Encoded by hand from the architecture's reference, as no such processor is at hand. */
  @Test
  void theArm64ProgramIsWhatItsCommentsSay() {
    ByteBuffer program =
        ByteBuffer.wrap(PauseProgram.forArchitecture("arm64")).order(ByteOrder.LITTLE_ENDIAN);
    int code = 64 + 56;
    assertThat(program.getShort(18)).as("machine").isEqualTo((short) 183);
    assertThat(program.getInt(code)).as("mov x8, 135").isEqualTo(0xd28010e8);
    assertThat(program.getInt(code + 0x08)).as("adr x1, +0x68").isEqualTo(0x10000341);
    assertThat(program.getInt(code + 0x30)).as("cmp w0, 17").isEqualTo(0x7100441f);
    assertThat(program.getInt(code + 0x34)).as("b.eq +0x14").isEqualTo(0x540000a0);
    assertThat(program.getInt(code + 0x38)).as("tbnz w0, 31, -0x20").isEqualTo(0x37ffff00);
    assertThat(program.getInt(code + 0x64)).as("b.gt -0x1c").isEqualTo(0x54ffff2c);
    assertThat(program.getInt(code + 0x68)).as("b -0x50").isEqualTo(0x17ffffec);
    assertThat(program.getLong(code + 0x70)).as("signals").isEqualTo(0x14002);
  }

  @Test
  void anUnknownProcessorIsRefused() {
    assertThatThrownBy(() -> OwnImages.pause("riscv64"))
        .hasMessageContaining("no pause program for riscv64");
  }
}
