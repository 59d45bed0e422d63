package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.tree.Obj;
import java.util.List;

/** Brings objects of one custom kind into another of its versions, in place. Thread-safe. */
interface VersionConverter {
  /** Versions that differ in their name only. */
  VersionConverter NONE =
      new VersionConverter() {
        @Override
        public void convert(List<Obj> objects, String apiVersion) {
          objects.forEach(object -> object.put("apiVersion", apiVersion));
        }

        @Override
        public boolean isRemote() {
          return false;
        }
      };

  /**
   * Converts.
   *
   * @param objects in whatever version each says it is
   * @param apiVersion what all are to be
   * @throws dev.kapell.client.ApiFailure 500 when somebody who was asked could or would not
   */
  void convert(List<Obj> objects, String apiVersion);

  /** Whether somebody outside is asked. */
  boolean isRemote();
}
