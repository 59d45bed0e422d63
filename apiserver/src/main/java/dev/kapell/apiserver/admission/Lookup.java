package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Optional;

/** Reads stored objects, each call at the newest state. The trees belong to the caller. */
public interface Lookup {
  /**
   * One object.
   *
   * @param table for instance {@code pods} or {@code apps/deployments}
   * @param path {@code namespace/name} or {@code name}
   */
  Optional<Obj> find(String table, String path);

  /**
   * Whether an object is there and has a value in a field; no more of it is read than that.
   *
   * @param field for instance {@code metadata}, {@code deletionTimestamp}
   */
  boolean has(String table, String path, String... field);

  /**
   * The object in a field of an object, {@code metadata.labels} for instance; no more of it is read
   * than that.
   */
  Optional<Obj> part(String table, String path, String... field);

  /** All objects of a table in a namespace; all of a cluster-scoped table for an empty one. */
  List<Obj> list(String table, String namespace);
}
