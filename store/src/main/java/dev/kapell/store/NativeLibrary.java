package dev.kapell.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.OSInfo;

/** SQLite's native library, kept unpacked between starts. */
final class NativeLibrary {
  private static final String PATH_PROPERTY = "org.sqlite.lib.path";
  private static final String NAME_PROPERTY = "org.sqlite.lib.name";

  private NativeLibrary() {}

  /**
   * Has the driver load its library from {@code folder}, where it is put when it is not there yet.
   * Without effect where somebody chose a library already, or none is packed for this machine.
   *
   * <p>The driver knows no other way than system properties, and loads once for the whole process,
   * so they are no more global than the library itself.
   */
  static void keepIn(Path folder) {
    if (System.getProperty(PATH_PROPERTY) != null) {
      return;
    }
    String platform = platform();
    String name = System.mapLibraryName("sqlitejdbc");
    Path home =
        folder
            .toAbsolutePath()
            .resolve("sqlite-" + SQLiteJDBCLoader.getVersion())
            .resolve(platform);
    try {
      if (!Files.exists(home.resolve(name)) && !unpack("native/" + platform + "/" + name, home)) {
        return;
      }
    } catch (IOException e) {
      throw new StoreException(
          "cannot unpack SQLite's library into " + home + ": " + e.getMessage(), e);
    }
    System.setProperty(PATH_PROPERTY, home.toString());
    System.setProperty(NAME_PROPERTY, name);
  }

  /**
   * Where the driver packs the library; on Linux it would run a program to see if it is Android.
   */
  private static String platform() {
    return System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64")
            && !OSInfo.isMusl()
        ? "Linux/x86_64"
        : OSInfo.getNativeLibFolderPathForCurrentOS();
  }

  private static boolean unpack(String resource, Path home) throws IOException {
    try (InputStream packed = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      if (packed == null) {
        return false;
      }
      Files.createDirectories(home);
      Path part = Files.createTempFile(home, "unpacking", ".part");
      Files.copy(packed, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(
          part,
          home.resolve(Path.of(resource).getFileName()),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      return true;
    }
  }
}
