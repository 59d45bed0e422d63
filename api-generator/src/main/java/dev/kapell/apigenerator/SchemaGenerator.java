package dev.kapell.apigenerator;

import java.lang.reflect.Field;
import java.nio.file.*;
import java.util.*;

/** Writes the structure of the types, and apart from it their descriptions, as lines that dev.kapell.api.schema reads. */
public class SchemaGenerator {
  static final StringBuilder SCHEMA = new StringBuilder();
  static final StringBuilder TEXTS = new StringBuilder();

  static void add(Generator.Type t, Class<?> model, boolean kind, List<Generator.F> fields) {
    String name = t.group() + "." + t.version() + "." + t.name();
    SCHEMA.append("T\t").append(name).append('\t').append(kind ? "kind" : "").append('\n');
    text(name, "", classText(model));
    if (kind) {
      text(name, "apiVersion", "APIVersion defines the versioned schema of this representation of an object.");
      text(name, "kind", "Kind is a string value representing the REST resource this object represents.");
    }
    for (Generator.F f : fields) {
      String form = f.d().isMapField() ? "m" : f.d().isRepeated() ? "l" : "s";
      String element = f.d().isMapField() ? Generator.el(f.d().getMessageType().findFieldByName("value")) : Generator.el(f.d());
      if (element.startsWith("@")) element = "@" + element.substring("@dev.kapell.api.".length());
      SCHEMA.append("F\t").append(f.json()).append('\t').append(form).append('\t').append(element).append('\t').append(f.required() ? "required" : "").append('\n');
      text(name, f.json(), fieldText(model, f.json()));
    }
  }

  static void text(String type, String field, String text) {
    if (!text.isBlank()) TEXTS.append(type).append('\t').append(field).append('\t').append(text.replace('\n', ' ').replace('\t', ' ')).append('\n');
  }

  static String classText(Class<?> c) {
    if (c == null) return "";
    var m = c.getAnnotation(io.swagger.annotations.ApiModel.class);
    return m == null ? "" : m.description();
  }

  static String fieldText(Class<?> c, String json) {
    if (c == null) return "";
    for (Field f : c.getDeclaredFields()) {
      var s = f.getAnnotation(com.google.gson.annotations.SerializedName.class);
      if (s == null || !s.value().equals(json)) continue;
      for (var m : c.getDeclaredMethods()) {
        var a = m.getAnnotation(io.swagger.annotations.ApiModelProperty.class);
        if (a != null && m.getParameterCount() == 0 && m.getName().equalsIgnoreCase("get" + f.getName().replace("_", ""))) return a.value();
      }
    }
    return "";
  }

  static void finish(Path folder) throws Exception {
    Files.createDirectories(folder.resolve("dev/kapell/api/schema"));
    Files.writeString(folder.resolve("dev/kapell/api/schema/types.tsv"), SCHEMA);
    Files.writeString(folder.resolve("dev/kapell/api/schema/texts.tsv"), TEXTS);
  }
}
