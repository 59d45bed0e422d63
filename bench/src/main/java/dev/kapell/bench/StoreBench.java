package dev.kapell.bench;

import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.store.Key;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Op;
import dev.kapell.store.SqliteStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Prints what the stores cost on this machine: start, durable writes, lists, memory.
 *
 * <p>{@code java -cp … dev.kapell.bench.StoreBench FOLDER [WRITES]}; the folder has to be on the
 * disk that is meant.
 */
public final class StoreBench {
  private static final int ENTRIES = 10_000;
  private static final int VALUE_BYTES = 1024;

  private final Clock clock = Clock.system();
  private final Path folder;
  private final int writes;

  private StoreBench(Path folder, int writes) {
    this.folder = folder;
    this.writes = writes;
  }

  /** Runs it: a folder, and how many writes. */
  public static void main(String[] arguments) throws Exception {
    int writes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20_000;
    new StoreBench(Files.createTempDirectory(Path.of(arguments[0]), "bench"), writes).run();
  }

  private void run() throws Exception {
    Path file = folder.resolve("store.db");
    StoreOptions options = StoreOptions.defaults().withNativeCache(folder.resolve("native"));
    long start = clock.nanoTime();
    Store empty = SqliteStore.open(file, options);
    print("open, first in this JVM, library unpacked", millis(start), "ms");
    empty.close();
    start = clock.nanoTime();
    Store store = SqliteStore.open(file, options);
    print("open, empty, second in this JVM", millis(start), "ms");
    fill(store);
    start = clock.nanoTime();
    store.close();
    print("close, 10,000 entries", millis(start), "ms");
    start = clock.nanoTime();
    store = SqliteStore.open(file, options);
    print("open, 10,000 entries of 1 KiB", millis(start), "ms");
    list(store);
    write("SQLite", store, 1, writes / 4);
    write("SQLite", store, 32, writes);
    write("SQLite", store, 1, writes / 4);
    write("SQLite", store, 32, writes);
    print("file after it", Files.size(file) / 1048576.0, "MiB");
    store.close();
    memory();
  }

  private void fill(Store store) throws InterruptedException {
    List<Op> ops = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      ops.add(put(i));
      if (ops.size() == 500) {
        store.write(ops);
        ops.clear();
      }
    }
  }

  private static Op put(int number) {
    byte[] value = new byte[VALUE_BYTES];
    Arrays.fill(value, (byte) ('a' + number % 20));
    String path = "namespace-" + number % 20 + "/deployment-7f9c8-" + number;
    return new Op.Put(new Key("pods", path), value, Op.ANY, -1);
  }

  private void list(Store store) {
    long best = Long.MAX_VALUE;
    long bytes = 0;
    for (int i = 0; i < 50; i++) {
      long start = clock.nanoTime();
      bytes = store.snapshot().list("pods", "", "").mapToLong(e -> e.value().length).sum();
      best = Math.min(best, clock.nanoTime() - start);
    }
    print("list of 10,000 entries (" + bytes + " bytes), best of 50", best / 1e6, "ms");
  }

  private void write(String name, Store store, int writers, int count) throws Exception {
    ConcurrentLinkedQueue<long[]> latencies = new ConcurrentLinkedQueue<>();
    long start = clock.nanoTime();
    List<Thread> threads = new ArrayList<>();
    try (TaskScope scope = new TaskScope("bench", (task, e) -> print(task + " " + e, 0, ""))) {
      for (int w = 0; w < writers; w++) {
        int writer = w;
        threads.add(
            scope.start(
                "writer", () -> latencies.add(writeMany(store, writer * 311, count / writers))));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    double seconds = (clock.nanoTime() - start) / 1e9;
    long[] all = latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    print(name + ", durable writes a second, " + writers + " writers", all.length / seconds, "");
    print("  median", all[all.length / 2] / 1e6, "ms");
    print("  99th of 100", all[all.length * 99 / 100] / 1e6, "ms");
  }

  private long[] writeMany(Store store, int from, int count) throws InterruptedException {
    long[] latencies = new long[count];
    for (int i = 0; i < count; i++) {
      long start = clock.nanoTime();
      store.write(put((from + i * 7) % ENTRIES));
      latencies[i] = clock.nanoTime() - start;
    }
    return latencies;
  }

  private void memory() throws Exception {
    Store store = MemoryStore.open(StoreOptions.defaults().withHistory(1, 1));
    write("memory", store, 32, writes);
    store.close();
    store = MemoryStore.open(StoreOptions.defaults().withHistory(1, 1));
    long before = used();
    fill(store);
    double each = (double) (used() - before) / store.snapshot().count("pods", "");
    print("heap for an entry with its key, beside its value of 1 KiB", each - VALUE_BYTES, "bytes");
    store.close();
  }

  private static long used() {
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private double millis(long start) {
    return (clock.nanoTime() - start) / 1e6;
  }

  private static void print(String what, double value, String unit) {
    System.out.printf("%-70s %,12.2f %s%n", what, value, unit);
  }
}
