package dev.kapell.apiserver.table;

import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table of each kind. Immutable. */
public final class Tables {
  /** What a row carries beside its cells. */
  public enum Include {
    /** Nothing. */
    NONE,
    /** The object's metadata. */
    METADATA,
    /** The whole object. */
    OBJECT
  }

  private static final List<Column> DEFAULT =
      List.of(
          Column.objectName(),
          Column.text("Created At", Cells.text("metadata", "creationTimestamp")));
  private static final List<Column> CUSTOM = List.of(Column.objectName(), Column.age());

  private final Map<String, List<Column>> columns = new HashMap<>();

  /** With every built-in kind. */
  public Tables() {
    columns.putAll(CoreTables.all());
    columns.putAll(GroupTables.all());
    columns.putAll(StorageTables.all());
    columns.putAll(ControlTables.all());
  }

  private List<Column> columns(Resource resource) {
    if (resource.type().isPresent()) {
      return columns.getOrDefault(resource.qualifiedName(), DEFAULT);
    }
    return resource.custom().printerColumns().isEmpty()
        ? CUSTOM
        : CustomColumns.of(resource.custom());
  }

  /** The {@code columnDefinitions} of a table of {@code resource}, as a tree. */
  public List<Object> definitions(Resource resource) {
    List<Object> definitions = new ArrayList<>();
    for (Column column : columns(resource)) {
      definitions.add(
          Obj.tree(
              "name", column.name(),
              "type", column.type(),
              "format", column.format(),
              "description", column.description(),
              "priority", (long) column.priority()));
    }
    return definitions;
  }

  /**
   * One row, as a tree.
   *
   * @param viewVersion the version of {@code meta.k8s.io} that metadata is shown in
   */
  public Map<String, Object> row(
      Resource resource,
      Map<String, Object> object,
      Instant now,
      Include include,
      String viewVersion) {
    Obj root = Obj.root(object);
    List<@Nullable Object> cells = new ArrayList<>();
    for (Column column : columns(resource)) {
      cells.add(column.cell().of(root, now));
    }
    Map<String, Object> row = Obj.tree("cells", cells);
    if (resource.qualifiedName().equals("pods") && PodStatus.ended(root)) {
      row.put("conditions", List.of(completed(root.child("status").text("phase"))));
    }
    switch (include) {
      case NONE -> {}
      case METADATA -> row.put("object", partial(object, viewVersion));
      case OBJECT -> row.put("object", object);
    }
    return row;
  }

  /** Tells clients that watch which rows have come to their end. */
  private static Map<String, Object> completed(String phase) {
    return Obj.tree(
        "type",
        "Completed",
        "status",
        "True",
        "reason",
        phase,
        "message",
        phase.equals("Failed") ? "The pod failed." : "The pod has completed successfully.");
  }

  /** Only the metadata of {@code object}. */
  public static Map<String, Object> partial(Map<String, Object> object, String viewVersion) {
    return Obj.tree(
        "kind",
        "PartialObjectMetadata",
        "apiVersion",
        "meta.k8s.io/" + viewVersion,
        "metadata",
        object.getOrDefault("metadata", Map.of()));
  }
}
