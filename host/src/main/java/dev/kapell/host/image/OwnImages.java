package dev.kapell.host.image;

import java.util.List;
import java.util.Map;

/**
 * The two images that Kapell puts together itself, so that a machine without a registry works.
 * Pure.
 */
public final class OwnImages {
  /** Holds the namespaces of every pod. */
  public static final String PAUSE = "localhost/kapell/pause:1";

  /** Busybox: a shell, the usual small programs, a web server. */
  public static final String TOOLBOX = "kapell.local/toolbox:1";

  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private OwnImages() {}

  /** The sandbox image: one static program that waits. */
  public static ImageSpec pause(String architecture) {
    byte[] layer =
        new Layer().file("pause", 0755, PauseProgram.forArchitecture(architecture)).toTar();
    return new ImageSpec(PAUSE, architecture, layer, List.of("/pause"), List.of(), Map.of());
  }

  /**
   * A static busybox with a link for each of its applets.
   *
   * @param busybox the program, statically linked
   * @param applets what {@code busybox --list} says
   */
  public static ImageSpec toolbox(String architecture, byte[] busybox, List<String> applets) {
    Layer layer =
        new Layer()
            .directory("bin", 0755)
            .file("bin/busybox", 0755, busybox)
            .directory("etc", 0755)
            .file(
                "etc/passwd",
                0644,
                """
                root:x:0:0:root:/root:/bin/sh
                nobody:x:65534:65534:nobody:/:/bin/false
                """)
            .file("etc/group", 0644, "root:x:0:\nnogroup:x:65534:\n")
            .file("etc/nsswitch.conf", 0644, "hosts: files dns\n")
            .directory("root", 0700)
            .directory("tmp", 01777)
            .directory("usr", 0755)
            .directory("usr/bin", 0755)
            .symlink("usr/bin/env", "/bin/busybox")
            .directory("var", 0755)
            .directory("var/tmp", 01777)
            .directory("www", 0755);
    for (String applet : applets) {
      if (!applet.equals("busybox")) {
        layer.symlink("bin/" + applet, "busybox");
      }
    }
    return new ImageSpec(
        TOOLBOX, architecture, layer.toTar(), List.of(), List.of("sh"), Map.of("PATH", PATH));
  }
}
