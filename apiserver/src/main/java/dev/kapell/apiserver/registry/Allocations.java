package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;
import dev.kapell.store.Op;
import java.util.List;

/**
 * Numbers of which each belongs to one object: they are claimed in the transaction that stores the
 * object and given back in the one that removes it, so that no crash can leak or double one.
 */
interface Allocations {
  /** Each of {@code parts}, in one transaction. */
  static Allocations all(List<Allocations> parts) {
    List<Allocations> each = List.copyOf(parts);
    return new Allocations() {
      @Override
      public List<Op> claim(Row row, Obj object, Pass pass) {
        return each.stream().flatMap(part -> part.claim(row, object, pass).stream()).toList();
      }

      @Override
      public Runnable undo(Row row, Obj object) {
        List<Runnable> undone = each.stream().map(part -> part.undo(row, object)).toList();
        return () -> undone.forEach(Runnable::run);
      }

      @Override
      public List<Op> change(Row row, Obj next, Obj old, Pass pass) {
        return each.stream().flatMap(part -> part.change(row, next, old, pass).stream()).toList();
      }

      @Override
      public List<Op> release(Row row, Obj old, Pass pass) {
        return each.stream().flatMap(part -> part.release(row, old, pass).stream()).toList();
      }
    };
  }

  /** Fills the claims of a new object in and returns what claims them. */
  List<Op> claim(Row row, Obj object, Pass pass);

  /**
   * Asked before {@link #claim}: what takes back all that it will have filled in, and nothing that
   * was asked for, when somebody else was faster. The next claim takes other numbers, or refuses.
   */
  default Runnable undo(Row row, Obj object) {
    return () -> {};
  }

  /** What an update claims and gives back. */
  List<Op> change(Row row, Obj next, Obj old, Pass pass);

  /** What the removal of {@code old} gives back. */
  List<Op> release(Row row, Obj old, Pass pass);
}
