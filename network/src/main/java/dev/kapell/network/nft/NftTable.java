package dev.kapell.network.nft;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one table holds. Immutable; two tables that are equal need no script between them.
 *
 * @param collections sets and maps by name
 * @param chains chains by name
 */
public record NftTable(SortedMap<String, Collection> collections, SortedMap<String, Chain> chains) {
  /** A table without anything in it. */
  public static final NftTable EMPTY = new NftTable(new TreeMap<>(), new TreeMap<>());

  /** Copies both maps. */
  public NftTable {
    collections = Collections.unmodifiableSortedMap(new TreeMap<>(collections));
    chains = Collections.unmodifiableSortedMap(new TreeMap<>(chains));
  }

  /**
   * A named set or map.
   *
   * @param form which of the two
   * @param definition what stands between the braces, for instance {@code type ipv4_addr;}
   * @param elements a map's values by key; in a set every value is empty. Not compared when the
   *     packets themselves fill the set ({@code flags dynamic}): such a set has none here
   */
  public record Collection(Form form, String definition, SortedMap<String, String> elements) {
    /** Copies the elements. */
    public Collection {
      elements = Collections.unmodifiableSortedMap(new TreeMap<>(elements));
    }

    boolean sameDefinition(Collection other) {
      return form == other.form && definition.equals(other.definition);
    }
  }

  /** Which kind of collection. */
  public enum Form {
    /** Keys only. */
    SET("set"),
    /** Keys with values. */
    MAP("map");

    private final String word;

    Form(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /**
   * A chain.
   *
   * @param hook where the kernel calls it, for instance {@code type nat hook output priority
   *     -100;}, or empty when only other chains do
   * @param rules in order, without a final semicolon
   */
  public record Chain(String hook, List<String> rules) {
    /** Copies the rules. */
    public Chain {
      rules = List.copyOf(rules);
    }

    /** A chain that other chains jump to. */
    public static Chain of(String... rules) {
      return new Chain("", List.of(rules));
    }
  }

  /** Collects a table. Not thread-safe. */
  public static final class Builder {
    private final Map<String, Collection> definitions = new TreeMap<>();
    private final Map<String, SortedMap<String, String>> elements = new TreeMap<>();
    private final SortedMap<String, Chain> chains = new TreeMap<>();

    /** An empty set. */
    public Builder set(String name, String definition) {
      return define(name, Form.SET, definition);
    }

    /** An empty map. */
    public Builder map(String name, String definition) {
      return define(name, Form.MAP, definition);
    }

    private Builder define(String name, Form form, String definition) {
      definitions.put(name, new Collection(form, definition, new TreeMap<>()));
      elements.put(name, new TreeMap<>());
      return this;
    }

    /** Adds {@code key} to a defined set; again is without effect. */
    public Builder element(String set, String key) {
      elementsOf(set).put(key, "");
      return this;
    }

    /** Adds {@code key} to a defined map unless somebody else has it; says whether it was added. */
    public boolean claim(String map, String key, String value) {
      return elementsOf(map).putIfAbsent(key, value) == null;
    }

    private SortedMap<String, String> elementsOf(String name) {
      SortedMap<String, String> found = elements.get(name);
      if (found == null) {
        throw new IllegalArgumentException("no set or map called " + name);
      }
      return found;
    }

    /** Adds a chain. */
    public Builder chain(String name, Chain chain) {
      chains.put(name, chain);
      return this;
    }

    /** The table. */
    public NftTable build() {
      SortedMap<String, Collection> collections = new TreeMap<>();
      definitions.forEach(
          (name, empty) ->
              collections.put(
                  name, new Collection(empty.form(), empty.definition(), elementsOf(name))));
      return new NftTable(collections, chains);
    }
  }

  /** The names that this table has and {@code other} has not. */
  static List<String> missing(SortedMap<String, ?> here, SortedMap<String, ?> other) {
    TreeSet<String> names = new TreeSet<>(here.keySet());
    names.removeAll(other.keySet());
    return new ArrayList<>(names);
  }
}
