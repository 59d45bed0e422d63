package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.request.Catalog;
import dev.kapell.apiserver.request.Resource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * Every row that is served now. Thread-safe: readers see one immutable table, which a change
 * replaces.
 */
public final class Rows implements Catalog {
  private record Place(String group, String version, String plural) {
    static Place of(Resource resource) {
      return new Place(resource.group(), resource.version(), resource.plural());
    }
  }

  private record Table(
      Map<Place, Row> rows,
      Map<String, List<Row>> byTable,
      List<Resource> resources,
      long generation) {}

  private final List<Runnable> followers = new CopyOnWriteArrayList<>();
  private final Map<Place, Row> passing = new HashMap<>();
  private volatile Table table = new Table(Map.of(), Map.of(), List.of(), 0);

  /**
   * A table of built-in kinds.
   *
   * @param passing kinds that are answered and not stored: only {@link #written} knows them
   */
  public Rows(List<Row> rows, List<Row> passing) {
    replace(row -> false, rows);
    passing.forEach(row -> this.passing.put(Place.of(row.resource()), row));
  }

  /** Takes out the rows that {@code gone} covers and puts in {@code added}, in one step. */
  public synchronized void replace(Predicate<Row> gone, List<Row> added) {
    Map<Place, Row> rows = new LinkedHashMap<>(table.rows());
    rows.values().removeIf(gone);
    for (Row row : added) {
      rows.put(Place.of(row.resource()), row);
    }
    List<Resource> resources = new ArrayList<>();
    Map<String, List<Row>> byTable = new HashMap<>();
    for (Row row : rows.values()) {
      resources.add(row.resource());
      byTable.computeIfAbsent(row.table(), _ -> new ArrayList<>()).add(row);
    }
    table = new Table(rows, byTable, List.copyOf(resources), table.generation() + 1);
    followers.forEach(Runnable::run);
  }

  @Override
  public void onChange(Runnable changed) {
    followers.add(changed);
  }

  /** The row that a path names. */
  public Optional<Row> row(String group, String version, String plural) {
    return Optional.ofNullable(table.rows().get(new Place(group, version, plural)));
  }

  /** The row that a path names, or that of a kind which is written and not stored. */
  public Optional<Row> written(String group, String version, String plural) {
    return row(group, version, plural)
        .or(() -> Optional.ofNullable(passing.get(new Place(group, version, plural))));
  }

  /** Any row of a table, in whatever version. */
  public Optional<Row> ofTable(String name) {
    return versions(name).stream().findFirst();
  }

  /** The same objects in every version, and group, in which they are served. */
  public List<Row> versions(String table) {
    return Collections.unmodifiableList(this.table.byTable().getOrDefault(table, List.of()));
  }

  @Override
  public List<Resource> all() {
    return table.resources();
  }

  @Override
  public Optional<Resource> find(String group, String version, String plural) {
    return row(group, version, plural).map(Row::resource);
  }

  @Override
  public long generation() {
    return table.generation();
  }
}
