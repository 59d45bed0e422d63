package dev.kapell.app.terminal;

import java.util.ArrayList;
import java.util.List;

/** Text in aligned columns, three spaces apart, as kubectl prints them. Pure. */
public final class Columns {
  private static final String GAP = "   ";

  private Columns() {}

  /** {@code header} and {@code rows} as lines without trailing spaces. */
  public static List<String> lines(List<String> header, List<List<String>> rows) {
    int[] widths = new int[header.size()];
    List<List<String>> all = new ArrayList<>();
    all.add(header);
    all.addAll(rows);
    for (List<String> row : all) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length())).append(GAP);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
