package dev.kapell.apiserver.admission;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The rounds in which the plugins see one write: a second one follows when somebody outside changed
 * the object in the first. Belongs to the thread of its write.
 */
public final class Rounds {
  private final Map<Object, Object> memory = new HashMap<>();
  private boolean wanted;
  private boolean second;

  /** The first round. */
  public Rounds() {}

  /** Whether this is the second round. */
  public boolean isSecond() {
    return second;
  }

  /** The object was changed after others had seen it: they are to be asked again. */
  public void wantSecond() {
    wanted = true;
  }

  /** Goes on to the second round, once, when it is wanted. */
  boolean beginSecond() {
    boolean begins = wanted && !second;
    second |= begins;
    return begins;
  }

  /** What {@code owner} remembers from round to round. */
  @SuppressWarnings("unchecked") // each owner keeps values of one type only
  public <T> T memory(Object owner, Supplier<T> first) {
    return (T) memory.computeIfAbsent(owner, _ -> first.get());
  }
}
