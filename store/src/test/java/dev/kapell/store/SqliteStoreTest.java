package dev.kapell.store;

import dev.kapell.store.contract.DurabilityContract;
import dev.kapell.store.contract.ReadContract;
import dev.kapell.store.contract.WatchContract;
import dev.kapell.store.contract.WriteContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest implements WriteContract, ReadContract, WatchContract, DurabilityContract {
  @TempDir private Path folder;
  private final List<Store> opened = new ArrayList<>();

  private Path file() {
    return folder.resolve("store.db");
  }

  @Override
  public Store open(StoreOptions options) {
    Store store = SqliteStore.open(file(), options);
    opened.add(store);
    return store;
  }

  @Override
  public Store reopen(Store store, StoreOptions options) {
    store.close();
    return open(options);
  }

  @AfterEach
  void closeAll() {
    opened.forEach(Store::close);
  }
}
