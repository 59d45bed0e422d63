package dev.kapell.apiserver.defaulting;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tag in the name of an image, in the grammar of OCI references. */
final class ImageTag {
  /** Names have at most 255 characters, tags 128; the rest is a digest. */
  private static final int LONGEST = 600;

  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?:[a-zA-Z0-9-]++(?:\\.[a-zA-Z0-9-]++)*+(?::\\d++)?/)?"
              + "[a-z0-9]++(?:(?:[._]|__|-++|/)[a-z0-9]++)*+"
              + "(?::(?<tag>\\w[\\w.-]{0,127}))?"
              + "(?<digest>@[A-Za-z][A-Za-z0-9]*+(?:[-_+.][A-Za-z][A-Za-z0-9]*+)*+:[0-9a-fA-F]{32,}+)?");

  private ImageTag() {}

  /** {@code latest} for a name with neither tag nor digest; empty for a digest, and for no name. */
  static String of(String image) {
    Matcher name = REFERENCE.matcher(image);
    if (image.length() > LONGEST || !name.matches()) {
      return "";
    }
    String tag = name.group("tag");
    if (tag != null) {
      return tag;
    }
    return name.group("digest") == null ? "latest" : "";
  }
}
