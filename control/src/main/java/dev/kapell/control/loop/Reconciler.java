package dev.kapell.control.loop;

/** Works on one name. May block; never called twice at once for the same name. */
@FunctionalInterface
public interface Reconciler<K> {
  /** Brings {@code key} nearer to what it should be; an exception counts as failed. */
  Outcome reconcile(K key) throws Exception;
}
