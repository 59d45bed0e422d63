package dev.kapell.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Fills the disk that the folder {@code arguments[0]} is on, and prints what a store there says
 * before and after somebody made room.
 */
final class FullDisk {
  private FullDisk() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Path ballast = Files.write(folder.resolve("ballast"), new byte[512 << 10]);
    long acknowledged = 0;
    try (Store store = SqliteStore.open(folder.resolve("store.db"), StoreOptions.defaults())) {
      try {
        while (true) {
          store.write(put("p" + acknowledged));
          acknowledged++;
        }
      } catch (StoreException e) {
        System.out.println(e.getMessage());
      }
      System.out.println(store.snapshot().count("pods", "") == acknowledged);
      Files.delete(ballast);
      System.out.println(store.write(put("after")) instanceof Commit.Done);
    }
    try (Store store = SqliteStore.open(folder.resolve("store.db"), StoreOptions.defaults())) {
      System.out.println(store.snapshot().count("pods", "") == acknowledged + 1);
    }
  }

  private static Op put(String path) {
    byte[] value = "x".repeat(10_000).getBytes(StandardCharsets.UTF_8);
    return new Op.Put(new Key("pods", path), value, Op.ANY, -1);
  }
}
