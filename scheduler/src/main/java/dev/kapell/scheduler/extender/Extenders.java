package dev.kapell.scheduler.extender;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;

/** All other programs that have a say. */
public interface Extenders {
  /** Nobody has. */
  Extenders NONE =
      new Extenders() {
        @Override
        public boolean concern(Pod pod) {
          return false;
        }

        @Override
        public void filter(Pod pod, Candidates candidates) {
          // All stay.
        }

        @Override
        public void prioritize(Pod pod, Candidates candidates) {
          // None is better.
        }

        @Override
        public boolean bind(Pod pod, String node) {
          return false;
        }
      };

  /** Whether one of them wants to hear of the pod. */
  boolean concern(Pod pod);

  /** Asks which nodes are acceptable. */
  void filter(Pod pod, Candidates candidates) throws InterruptedException;

  /** Asks which are better. */
  void prioritize(Pod pod, Candidates candidates) throws InterruptedException;

  /** Lets the one bind that wants to; false when none does. */
  boolean bind(Pod pod, String node) throws InterruptedException;

  /** Nodes that fit. */
  interface Candidates {
    /** How many. */
    int count();

    /** The node at a place from 0. */
    Node node(int place);

    /** Drops all but those at these places, which are ascending. */
    void keep(int[] places);

    /** Adds to the score of the node at a place. */
    void add(int place, double score);
  }
}
