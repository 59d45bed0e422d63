package dev.kapell.store;

import dev.kapell.base.TaskScope;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes until it is killed: {@code FILE NATIVE-CACHE ROUND}. Prints {@code revision path value}
 * for each transaction that was acknowledged, as soon as it was.
 */
final class CrashWriter {
  private static final int WRITERS = 4;
  private static final int KEYS = 20;

  private CrashWriter() {}

  public static void main(String[] arguments) throws Exception {
    StoreOptions options =
        StoreOptions.defaults().withHistory(600, 1 << 20).withNativeCache(Path.of(arguments[1]));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (Store store = SqliteStore.open(Path.of(arguments[0]), options);
        TaskScope scope = new TaskScope("crash", (task, e) -> out.println("failed " + e))) {
      out.println("opened " + store.snapshot().revision());
      Thread last = Thread.currentThread();
      for (int writer = 0; writer < WRITERS; writer++) {
        String name = "writer" + writer;
        last = scope.start(name, () -> write(store, name, arguments[2], out));
      }
      last.join();
    }
  }

  /** Each transaction writes two keys that have to stay equal. */
  private static void write(Store store, String name, String round, PrintStream out)
      throws InterruptedException {
    for (int i = 0; ; i++) {
      String path = name + "/" + i % KEYS;
      String text = "round" + round + "-" + i;
      Commit commit = store.write(List.of(put("left", path, text), put("right", path, text)));
      if (commit instanceof Commit.Done done) {
        out.println(done.revision() + " " + path + " " + text);
      }
    }
  }

  private static Op put(String table, String path, String text) {
    return new Op.Put(new Key(table, path), text.getBytes(StandardCharsets.UTF_8), Op.ANY, -1);
  }
}
