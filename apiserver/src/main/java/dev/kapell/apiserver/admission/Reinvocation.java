package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which of those that change objects one after the other are asked again in the second round of a
 * write: they that want it, when somebody changed the object after them. Belongs to the thread of
 * its write.
 */
public final class Reinvocation {
  private final Set<String> asked = new HashSet<>();
  private final Set<String> again = new HashSet<>();
  private Map<String, Object> output = Map.of();
  private boolean second;

  private Reinvocation() {}

  /** Begins a round of {@code owner}, who finds {@code object} before it. */
  public static Reinvocation begin(Rounds rounds, Object owner, Obj object) {
    Reinvocation turns = rounds.memory(owner, Reinvocation::new);
    turns.second = rounds.isSecond();
    if (turns.second && !turns.output.equals(object.map())) {
      turns.changed();
    }
    return turns;
  }

  /** Whether {@code name} is to be asked in this round. */
  public boolean includes(String name) {
    return !second || again.contains(name);
  }

  /** Somebody changed the object: whether there are others to be asked again. */
  public boolean changed() {
    again.addAll(asked);
    asked.clear();
    return !again.isEmpty();
  }

  /** Remembers one that was asked and wants to be asked again after changes by others. */
  public void asked(String name) {
    asked.add(name);
  }

  /** Ends the round, with {@code object} as it is now. */
  public void end(Obj object) {
    output = Trees.copy(object.map());
  }
}
