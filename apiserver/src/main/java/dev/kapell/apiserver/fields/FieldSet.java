package dev.kapell.apiserver.fields;

import dev.kapell.apiserver.tree.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A set of fields, as a tree of steps. A parent can be in the set without its children, and they
 * without it: {@code metadata.labels} and {@code metadata.labels.app} are two fields.
 *
 * <p>Grows while one request builds it; the operations give new sets, which may share branches with
 * the old ones, so a set is not added to after it was used.
 */
public final class FieldSet {
  private static final Branch NOTHING = new Branch(false, new FieldSet());

  private final TreeMap<Step, Branch> branches = new TreeMap<>();

  /** What is known of one step: whether it is in the set, and what is below it. */
  private record Branch(boolean member, FieldSet below) {
    boolean isEmpty() {
      return !member && below.isEmpty();
    }
  }

  /** The set in the form of {@code FieldsV1}. */
  static FieldSet parse(Map<?, ?> fields) {
    FieldSet set = new FieldSet();
    fields.forEach(
        (text, inner) ->
            Step.parse(String.valueOf(text))
                .ifPresent(
                    step -> {
                      Map<?, ?> content = inner instanceof Map<?, ?> map ? map : Map.of();
                      FieldSet below = content.isEmpty() ? NOTHING.below : parse(content);
                      boolean member = content.containsKey(".") || below.isEmpty();
                      set.branches.put(step, new Branch(member, below));
                    }));
    return set;
  }

  /** The form of {@code FieldsV1}. */
  Map<String, Object> tree() {
    Map<String, Object> tree = LinkedHashMap.newLinkedHashMap(branches.size());
    fill(tree);
    return tree;
  }

  private void fill(Map<String, Object> tree) {
    for (Map.Entry<Step, Branch> each : branches.entrySet()) {
      Branch branch = each.getValue();
      Map<String, Object> inner = new LinkedHashMap<>();
      if (branch.member && !branch.below.isEmpty()) {
        inner.put(".", new LinkedHashMap<>());
      }
      branch.below.fill(inner);
      tree.put(each.getKey().text(), inner);
    }
  }

  /** Adds the field at the end of {@code path}; the whole object cannot be in a set. */
  void add(List<Step> path) {
    if (path.isEmpty()) {
      return;
    }
    FieldSet at = this;
    for (int i = 0; i < path.size() - 1; i++) {
      at = at.reach(path.get(i));
    }
    at.add(path.getLast());
  }

  /** Adds the field right below. */
  void add(Step step) {
    Branch branch = branches.get(step);
    if (branch == null || !branch.member) {
      branches.put(step, new Branch(true, branch == null ? NOTHING.below : branch.below));
    }
  }

  /** What is below {@code step}, to add to. */
  FieldSet reach(Step step) {
    Branch branch = branches.get(step);
    if (branch != null && !branch.below.isEmpty()) {
      return branch.below;
    }
    FieldSet below = new FieldSet(); // an empty one may be everybody's
    branches.put(step, new Branch(branch != null && branch.member, below));
    return below;
  }

  boolean isEmpty() {
    return branches.isEmpty();
  }

  /** How many steps it has, those below others included. */
  int size() {
    int size = branches.size();
    for (Branch branch : branches.values()) {
      size += branch.below.size();
    }
    return size;
  }

  /** Whether the field right below is in the set. */
  boolean has(Step step) {
    Branch branch = branches.get(step);
    return branch != null && branch.member;
  }

  boolean has(List<Step> path) {
    FieldSet at = this;
    for (Step step : path.subList(0, path.size() - 1)) {
      at = at.below(step);
    }
    return at.has(path.getLast());
  }

  /** What is below {@code step}. */
  FieldSet below(Step step) {
    Branch branch = branches.get(step);
    return branch == null ? new FieldSet() : branch.below;
  }

  FieldSet union(FieldSet other) {
    if (other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    FieldSet all = new FieldSet();
    all.branches.putAll(branches);
    other.branches.forEach(
        (step, branch) ->
            all.branches.merge(
                step,
                branch,
                (one, two) -> new Branch(one.member || two.member, one.below.union(two.below))));
    return all;
  }

  /** What is in both. */
  FieldSet intersection(FieldSet other) {
    return combine(
        other,
        (one, two) -> new Branch(one.member && two.member, one.below.intersection(two.below)));
  }

  /** What is here and not there. A child stays when only its parent is there. */
  FieldSet without(FieldSet other) {
    if (!meets(other)) {
      return this;
    }
    return combine(
        other, (one, two) -> new Branch(one.member && !two.member, one.below.without(two.below)));
  }

  /** Whether something is in both. */
  private boolean meets(FieldSet other) {
    for (Map.Entry<Step, Branch> theirs : other.branches.entrySet()) {
      Branch mine = branches.get(theirs.getKey());
      if (mine != null
          && ((mine.member && theirs.getValue().member)
              || mine.below.meets(theirs.getValue().below))) {
        return true;
      }
    }
    return false;
  }

  /** What is neither there, nor below something that is. */
  FieldSet outside(FieldSet other) {
    if (other.isEmpty()) {
      return this;
    }
    return combine(
        other,
        (one, two) ->
            two.member
                ? new Branch(false, new FieldSet())
                : new Branch(one.member, one.below.outside(two.below)));
  }

  /** What is there, or below something that is. */
  FieldSet inside(FieldSet other) {
    return combine(
        other, (one, two) -> two.member ? one : new Branch(false, one.below.inside(two.below)));
  }

  private interface Rule {
    Branch of(Branch mine, Branch theirs);
  }

  private FieldSet combine(FieldSet other, Rule rule) {
    FieldSet result = new FieldSet();
    branches.forEach(
        (step, mine) -> {
          Branch theirs = other.branches.get(step);
          Branch left = rule.of(mine, theirs == null ? NOTHING : theirs);
          if (!left.isEmpty()) {
            result.branches.put(step, left);
          }
        });
    return result;
  }

  /**
   * With every declared field on the way to a member; entries of maps and lists stay as they are.
   */
  FieldSet withNamedParents(Shape shape) {
    FieldSet result = new FieldSet();
    branches.forEach(
        (step, branch) -> {
          boolean named = step.isField() && shape.isNamed(step.name());
          FieldSet below =
              branch.below.isEmpty()
                  ? branch.below
                  : branch.below.withNamedParents(shape.below(step));
          result.branches.put(step, new Branch(branch.member || named, below));
        });
    return result;
  }

  /** Where {@code shape} says that a value is one piece, its inner fields become the piece. */
  FieldSet fittedTo(Shape shape) {
    FieldSet result = new FieldSet();
    branches.forEach(
        (step, branch) -> {
          Shape inner = shape.below(step);
          boolean piece = inner instanceof Shape.Leaf && !branch.below.isEmpty();
          result.branches.put(
              step,
              piece
                  ? new Branch(true, new FieldSet())
                  : new Branch(
                      branch.member,
                      branch.below.isEmpty() ? branch.below : branch.below.fittedTo(inner)));
        });
    return result;
  }

  /** Calls {@code visitor} with the path of each member; the list is used again for the next. */
  void forEach(Consumer<List<Step>> visitor) {
    forEach(new ArrayList<>(), visitor);
  }

  private void forEach(List<Step> path, Consumer<List<Step>> visitor) {
    branches.forEach(
        (step, branch) -> {
          if (branch.member) {
            path.add(step);
            visitor.accept(path);
            path.removeLast();
          }
        });
    branches.forEach(
        (step, branch) -> {
          path.add(step);
          branch.below.forEach(path, visitor);
          path.removeLast();
        });
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FieldSet that && branches.equals(that.branches);
  }

  @Override
  public int hashCode() {
    return branches.hashCode();
  }

  @Override
  public String toString() {
    return Trees.copy(tree()).toString();
  }
}
