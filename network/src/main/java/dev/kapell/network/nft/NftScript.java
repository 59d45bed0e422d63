package dev.kapell.network.nft;

import dev.kapell.network.nft.NftTable.Chain;
import dev.kapell.network.nft.NftTable.Collection;
import dev.kapell.network.nft.NftTable.Form;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Scripts for {@code nft -f}, each of which the kernel takes as one transaction: all of it or
 * nothing.
 *
 * <p>The order inside a script matters, because every name must exist while something points to it:
 *
 * <pre>
 * new collections → new chains → rules of new and changed chains → elements out, elements in
 *   → old chains emptied → old chains removed → old collections removed
 * </pre>
 */
public final class NftScript {
  /** So that no single command grows without bound. */
  private static final int ELEMENTS_PER_COMMAND = 500;

  private final String table;
  private final StringBuilder text = new StringBuilder();

  private NftScript(String table) {
    this.table = table;
  }

  /**
   * Throws away whatever the table held and puts {@code table} there.
   *
   * @param name family and name, for instance {@code ip kapell}
   */
  public static String replace(String name, NftTable table) {
    NftScript script = new NftScript(name);
    script.line("add table " + name);
    script.line("delete table " + name);
    script.line("add table " + name);
    script.change(NftTable.EMPTY, table);
    return script.text.toString();
  }

  /** Turns {@code from} into {@code to}; empty when they are equal. */
  public static String difference(String name, NftTable from, NftTable to) {
    NftScript script = new NftScript(name);
    script.change(from, to);
    return script.text.toString();
  }

  /** Removes the table, whether or not it is there. */
  public static String remove(String name) {
    return "add table " + name + "\ndelete table " + name + "\n";
  }

  private void change(NftTable from, NftTable to) {
    addCollections(from, to);
    addChains(from, to);
    to.collections()
        .forEach((name, wanted) -> elements(name, from.collections().get(name), wanted));
    List<String> oldChains = NftTable.missing(from.chains(), to.chains());
    oldChains.forEach(name -> line("flush chain " + table + " " + name));
    oldChains.forEach(name -> line("delete chain " + table + " " + name));
    for (String name : NftTable.missing(from.collections(), to.collections())) {
      Form form = Objects.requireNonNull(from.collections().get(name)).form();
      line("delete " + form.word() + " " + table + " " + name);
    }
  }

  private void addCollections(NftTable from, NftTable to) {
    to.collections()
        .forEach(
            (name, wanted) -> {
              Collection known = from.collections().get(name);
              if (known == null) {
                line(
                    "add "
                        + wanted.form().word()
                        + (" " + table + " " + name + " { " + wanted.definition() + " }"));
              } else if (!known.sameDefinition(wanted)) {
                throw new IllegalArgumentException(
                    "the definition of " + name + " changed; give the new one another name");
              }
            });
  }

  private void addChains(NftTable from, NftTable to) {
    to.chains()
        .forEach(
            (name, wanted) -> {
              if (!from.chains().containsKey(name)) {
                String hook = wanted.hook().isEmpty() ? "" : " { " + wanted.hook() + " }";
                line("add chain " + table + " " + name + hook);
              }
            });
    to.chains().forEach((name, wanted) -> rules(name, from.chains().get(name), wanted));
  }

  private void rules(String name, @Nullable Chain known, Chain wanted) {
    if (wanted.equals(known)) {
      return;
    }
    if (known != null) {
      if (!known.hook().equals(wanted.hook())) {
        throw new IllegalArgumentException("the hook of " + name + " changed; use another name");
      }
      line("flush chain " + table + " " + name);
    }
    wanted.rules().forEach(rule -> line("add rule " + table + " " + name + " " + rule));
  }

  private void elements(String name, @Nullable Collection known, Collection wanted) {
    SortedMap<String, String> before =
        known == null ? Collections.emptySortedMap() : known.elements();
    List<String> out = new ArrayList<>();
    List<String> in = new ArrayList<>();
    for (Map.Entry<String, String> old : before.entrySet()) {
      if (!old.getValue().equals(wanted.elements().get(old.getKey()))) {
        out.add(element(old));
      }
    }
    for (Map.Entry<String, String> now : wanted.elements().entrySet()) {
      if (!now.getValue().equals(before.get(now.getKey()))) {
        in.add(element(now));
      }
    }
    command("delete element", name, out);
    command("add element", name, in);
  }

  private static String element(Map.Entry<String, String> entry) {
    return entry.getValue().isEmpty() ? entry.getKey() : entry.getKey() + " : " + entry.getValue();
  }

  private void command(String verb, String name, List<String> elements) {
    for (int at = 0; at < elements.size(); at += ELEMENTS_PER_COMMAND) {
      List<String> some =
          elements.subList(at, Math.min(elements.size(), at + ELEMENTS_PER_COMMAND));
      line(verb + " " + table + " " + name + " { " + String.join(", ", some) + " }");
    }
  }

  private void line(String command) {
    text.append(command).append('\n');
  }
}
