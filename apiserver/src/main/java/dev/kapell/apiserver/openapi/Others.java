package dev.kapell.apiserver.openapi;

import java.util.List;

/** What other servers say of the groups that they serve here. Thread-safe. */
public interface Others {
  /** Nobody else serves anything. */
  Others NONE =
      new Others() {
        @Override
        public List<OtherGroup> groups() {
          return List.of();
        }

        @Override
        public long generation() {
          return 0;
        }
      };

  /** The groups, in the order in which clients prefer them. */
  List<OtherGroup> groups();

  /** Grows with every change of {@link #groups}. */
  long generation();
}
