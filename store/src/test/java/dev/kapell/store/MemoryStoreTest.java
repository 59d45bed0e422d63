package dev.kapell.store;

import dev.kapell.store.contract.ReadContract;
import dev.kapell.store.contract.WatchContract;
import dev.kapell.store.contract.WriteContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class MemoryStoreTest implements WriteContract, ReadContract, WatchContract {
  private final List<Store> opened = new ArrayList<>();

  @Override
  public Store open(StoreOptions options) {
    Store store = MemoryStore.open(options);
    opened.add(store);
    return store;
  }

  @AfterEach
  void closeAll() {
    opened.forEach(Store::close);
  }
}
