package dev.kapell.scheduler.demand;

import dev.kapell.api.resource.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Small numbers for resource names, so that amounts are arrays. One thread's. */
public final class ResourceNames {
  /** The column of {@code cpu}, in thousandths. */
  public static final int CPU = 0;

  /** The column of {@code memory}, in bytes. */
  public static final int MEMORY = 1;

  /** The column of {@code pods}, a count. */
  public static final int PODS = 2;

  private final Map<String, Integer> columns = new HashMap<>();
  private final List<String> names = new ArrayList<>();

  /** Knows cpu, memory and pods. */
  public ResourceNames() {
    for (String name : List.of("cpu", "memory", "pods")) {
      column(name);
    }
  }

  /** How many there are. */
  public int size() {
    return names.size();
  }

  /** The name of a column. */
  public String name(int column) {
    return names.get(column);
  }

  /** The amounts by column; as long as the last name that is in {@code amounts}. */
  public long[] columns(Map<String, Quantity> amounts) {
    amounts.keySet().forEach(this::column);
    long[] row = new long[names.size()];
    amounts.forEach(
        (name, amount) -> {
          int column = column(name);
          row[column] = column == CPU ? amount.milliValue() : amount.value();
        });
    return row;
  }

  /** What a column's amount means. */
  public Quantity amount(int column, long value) {
    return column == CPU ? Quantity.ofMilli(value) : Quantity.parse(Long.toString(value));
  }

  /** The column of a name, a new one when it has none. */
  public int columnOf(String name) {
    return column(name);
  }

  private int column(String name) {
    return columns.computeIfAbsent(
        name,
        n -> {
          names.add(n);
          return names.size() - 1;
        });
  }
}
