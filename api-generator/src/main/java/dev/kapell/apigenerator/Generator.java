package dev.kapell.apigenerator;

import com.google.protobuf.Descriptors.*;
import java.lang.reflect.*;
import java.nio.file.*;
import java.util.*;
import java.util.jar.*;
import java.util.stream.*;

public class Generator {
  static final Map<String, String> GROUPS = Map.ofEntries(
      Map.entry("core", ""), Map.entry("apps", "apps"), Map.entry("batch", "batch"), Map.entry("autoscaling", "autoscaling"), Map.entry("policy", "policy"), Map.entry("extensions","extensions"),
      Map.entry("admissionregistration", "admissionregistration.k8s.io"), Map.entry("apiextensions", "apiextensions.k8s.io"), Map.entry("apiregistration", "apiregistration.k8s.io"),
      Map.entry("authentication", "authentication.k8s.io"), Map.entry("authorization", "authorization.k8s.io"), Map.entry("certificates", "certificates.k8s.io"), Map.entry("coordination", "coordination.k8s.io"),
      Map.entry("discovery", "discovery.k8s.io"), Map.entry("events", "events.k8s.io"), Map.entry("flowcontrol", "flowcontrol.apiserver.k8s.io"), Map.entry("networking", "networking.k8s.io"), Map.entry("node", "node.k8s.io"),
      Map.entry("rbac", "rbac.authorization.k8s.io"), Map.entry("resource", "resource.k8s.io"), Map.entry("scheduling", "scheduling.k8s.io"), Map.entry("storage", "storage.k8s.io"), Map.entry("storagemigration", "storagemigration.k8s.io"),
      Map.entry("apidiscovery","apidiscovery.k8s.io"), Map.entry("admission","admission.k8s.io"), Map.entry("meta", ""));
  static final Set<String> SKIP_PACKAGES = Set.of("k8s.io.api.imagepolicy.v1alpha1", "k8s.io.api.apiserverinternal.v1alpha1", "k8s.io.api.extensions.v1beta1", "k8s.io.api.apps.v1beta1", "k8s.io.api.apps.v1beta2", "k8s.io.api.rbac.v1alpha1",
      "k8s.io.api.admission.v1beta1", "k8s.io.api.apidiscovery.v2beta1", "k8s.io.api.authorization.v1beta1", "k8s.io.api.scheduling.v1alpha1");
  static final Set<String> INLINE = Set.of("Volume.volumeSource", "PersistentVolumeSpec.persistentVolumeSource", "EphemeralContainer.ephemeralContainerCommon", "Probe.handler", "ConfigMapEnvSource.localObjectReference",
      "ConfigMapKeySelector.localObjectReference", "ConfigMapProjection.localObjectReference", "ConfigMapVolumeSource.localObjectReference", "SecretEnvSource.localObjectReference", "SecretKeySelector.localObjectReference",
      "SecretProjection.localObjectReference", "IngressRule.ingressRuleValue", "NamedRuleWithOperations.ruleWithOperations", "RuleWithOperations.rule", "DeviceAllocationConfiguration.deviceConfiguration", "DeviceClaimConfiguration.deviceConfiguration", "DeviceClassConfiguration.deviceConfiguration");
  static final Set<String> WORDS = Set.of("default", "continue", "enum", "class", "public", "private", "static", "switch", "case", "for", "if", "else", "new", "package", "import", "int", "long", "boolean", "double", "interface", "native", "null", "true", "false", "this", "super", "hashCode", "toString", "notify", "wait", "clone", "finalize", "getClass", "notifyAll", "equals", "goto", "const", "final", "operator_");

  record Type(String group, String version, String name) { String pkg() { return "dev.kapell.api." + group + "." + version; } }
  record F(String json, String java, FieldDescriptor d, List<Integer> path, boolean required) {}
  static Map<String, Descriptor> messages = new TreeMap<>();
  static Map<String, Class<?>> models = new HashMap<>();
  static Path out;

  public static void main(String[] a) throws Exception {
    out = Path.of(a[1]);
    try (JarFile j = jarOf(Class.forName("io.kubernetes.client.proto.Runtime"))) {
      for (var e : Collections.list(j.entries())) { String n = e.getName();
        if (n.startsWith("io/kubernetes/client/proto/") && n.endsWith(".class") && !n.contains("$")) {
          Class<?> c = Class.forName(n.replace('/', '.').replace(".class", ""));
          FileDescriptor fd = (FileDescriptor) c.getMethod("getDescriptor").invoke(null);
          for (var d : fd.getMessageTypes()) messages.put(d.getFullName(), d); } } }
    try (JarFile j = jarOf(Class.forName("io.kubernetes.client.openapi.models.V1Pod"))) {
      for (var e : Collections.list(j.entries())) { String n = e.getName();
        if (n.startsWith("io/kubernetes/client/openapi/models/") && n.endsWith(".class") && !n.contains("$")) {
          Class<?> c = Class.forName(n.replace('/', '.').replace(".class", ""), false, Generator.class.getClassLoader()); models.put(c.getSimpleName(), c); } } }
    Set<String> packages = new TreeSet<>();
    for (Descriptor d : messages.values()) {
      if (special(d) || skip(d)) continue;
      Type t = type(d);
      packages.add(t.group + "." + t.version);
      write(t, d);
    }
    TypesGenerator.main(a);
    SchemaGenerator.finish(Path.of(a[2]));
    for (String p : packages) {
      Files.writeString(dirOf("dev.kapell.api." + p).resolve("package-info.java"), "/** Generated: the types of {@code " + p + "}. Immutable records. */\n@org.jspecify.annotations.NullMarked\npackage dev.kapell.api." + p + ";\n");
    }
  }
  static JarFile jarOf(Class<?> type) throws Exception {
    return new JarFile(new java.io.File(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
  }

  static boolean skip(Descriptor d) {
    String p = d.getFile().getPackage();
    return SKIP_PACKAGES.contains(p) || p.startsWith("k8s.io.apimachinery.pkg.runtime") || p.startsWith("k8s.io.apimachinery.pkg.api.resource") || p.contains("intstr") || d.getFullName().contains("apiextensions.v1beta1")
       || p.matches(".*(autoscaling.v2beta.|authentication.v1beta1|certificates.v1beta1|storage.v1beta1|rbac.v1beta1)") ;
  }
  static boolean special(Descriptor d) { return d.getOptions().getMapEntry() || scalarOf(d) != null; }
  static String scalarOf(Descriptor d) {
    return switch (d.getFullName()) {
      case "k8s.io.apimachinery.pkg.apis.meta.v1.Time" -> "time";
      case "k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime" -> "microTime";
      case "k8s.io.apimachinery.pkg.api.resource.Quantity" -> "quantity";
      case "k8s.io.apimachinery.pkg.util.intstr.IntOrString" -> "intOrString";
      case "k8s.io.apimachinery.pkg.runtime.RawExtension", "k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1", "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON" -> "json";
      case "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray" -> "schemaOrArray";
      case "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool" -> "schemaOrBool";
      case "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray" -> "schemaOrStrings";
      case "k8s.io.api.core.v1.Message" -> null;
      default -> d.getFullName().matches("k8s.io.api.(authentication|authorization|certificates).*\\.ExtraValue") ? "strings" : wrapsStrings(d) ? "strings" : null;
    };
  }
  static boolean wrapsStrings(Descriptor d) { return d.getFields().size() == 1 && d.getFields().get(0).getName().equals("items") && d.getFields().get(0).getType() == FieldDescriptor.Type.STRING; }
  static Type type(Descriptor d) {
    String p = d.getFile().getPackage();
    String[] s = p.split("\\.");
    String version = s[s.length - 1], group = s[s.length - 2];
    return new Type(group.equals("core") ? "core" : group, version, d.getName());
  }
  static Path dirOf(String pkg) throws Exception { Path p = out.resolve(pkg.replace('.', '/')); Files.createDirectories(p); return p; }

  static Class<?> model(Type t) {
    String v = t.version.equals("v1") ? "V1" : Character.toUpperCase(t.version.charAt(0)) + t.version.substring(1);
    String g = Character.toUpperCase(t.group.charAt(0)) + t.group.substring(1);
    Class<?> c = models.get(g + v + t.name);
    return c != null ? c : models.get(v + t.name);
  }
  static Map<String, Boolean> props(Class<?> c) {
    Map<String, Boolean> r = new HashMap<>();
    if (c == null) return r;
    for (Field f : c.getDeclaredFields()) {
      var s = f.getAnnotation(com.google.gson.annotations.SerializedName.class);
      if (s == null) continue;
      boolean nonnull = Arrays.stream(f.getAnnotations()).anyMatch(x -> x.annotationType().getSimpleName().equals("Nonnull"));
      r.put(s.value(), nonnull);
    }
    return r;
  }
  static String norm(String s) { return s.replace("$", "").replace("-", "").replace("_", "").toLowerCase(Locale.ROOT); }

  static void collect(Type t, Descriptor d, Class<?> c, Map<String, Boolean> props, List<Integer> path, List<F> into) {
    Map<String, String> byNorm = new HashMap<>();
    props.keySet().forEach(k -> byNorm.put(norm(k), k));
    for (FieldDescriptor f : d.getFields()) {
      if (INLINE.contains(d.getName() + "." + f.getName()) && f.getType() == FieldDescriptor.Type.MESSAGE && !props.containsKey(f.getName())) {
        List<Integer> p = new ArrayList<>(path); p.add(f.getNumber());
        collect(t, f.getMessageType(), c, props, p, into);
        continue;
      }
      if (t.group.equals("meta") == false && (f.getName().equals("kind") || f.getName().equals("apiVersion")) && isKind(d)) continue;
      String json = byNorm.getOrDefault(norm(f.getName()), f.getName());
      if (d.getName().equals("JSONSchemaProps")) json = switch (f.getName()) { case "ref" -> "$ref"; case "schema" -> "$schema"; default -> f.getName().startsWith("xKubernetes") ? dash(f.getName()) : f.getName(); };
      if (!props.isEmpty() && !props.containsKey(json)) {
        System.out.println("only in the descriptors, left out: " + t.group + "." + t.version + "." + t.name + "." + json);
        continue;
      }
      String java = json.startsWith("$") ? json.substring(1) : json.contains("-") ? f.getName() : json;
      if (Character.isUpperCase(java.charAt(0))) java = Character.toLowerCase(java.charAt(0)) + java.substring(1);
      if (WORDS.contains(java)) java += "_";
      into.add(new F(json, java, f, path, Boolean.TRUE.equals(props.get(json))));
    }
  }
  static String dash(String s) { StringBuilder b = new StringBuilder(); for (char ch : s.toCharArray()) { if (Character.isUpperCase(ch)) b.append('-').append(Character.toLowerCase(ch)); else b.append(ch); } return b.toString(); }
  static boolean isKind(Descriptor d) {
    FieldDescriptor m = d.findFieldByName("metadata");
    return m != null && m.getType() == FieldDescriptor.Type.MESSAGE && (m.getMessageType().getFullName().endsWith("meta.v1.ObjectMeta") || m.getMessageType().getFullName().endsWith("meta.v1.ListMeta"))
      && !Set.of("PodTemplateSpec", "PersistentVolumeClaimTemplate", "JobTemplateSpec", "ResourceClaimTemplateSpec", "PartialObjectMetadata", "PartialObjectMetadataList", "Table","TableRow").contains(d.getName())
      || Set.of("DeleteOptions", "Status", "AdmissionReview").contains(d.getName());
  }
  static boolean isObject(Descriptor d) { FieldDescriptor m = d.findFieldByName("metadata"); return isKind(d) && m != null && m.getMessageType().getName().equals("ObjectMeta"); }

  static String scalarJava(String s) { return switch (s) { case "time", "microTime" -> "java.time.Instant"; case "quantity" -> "dev.kapell.api.resource.Quantity"; case "intOrString" -> "dev.kapell.api.IntOrString"; case "strings" -> "java.util.List<String>"; default -> "dev.kapell.api.Json"; }; }
  static String prim(FieldDescriptor f) { return switch (f.getType()) { case STRING -> "string"; case BOOL -> "bool"; case INT32 -> "int32"; case INT64 -> "int64"; case DOUBLE -> "float64"; case BYTES -> "bytes"; default -> throw new IllegalStateException(f.getFullName() + " " + f.getType()); }; }
  static String primJava(String p) { return switch (p) { case "string" -> "String"; case "bool" -> "Boolean"; case "int32" -> "Integer"; case "int64" -> "Long"; case "float64" -> "Double"; case "bytes" -> "dev.kapell.api.Bytes"; default -> throw new IllegalStateException(p); }; }
  /** method word (string,int32.. time.. ) or "@pkg.Type" for records */
  static String el(FieldDescriptor f) {
    if (f.getType() != FieldDescriptor.Type.MESSAGE) return prim(f);
    String s = scalarOf(f.getMessageType());
    if (s != null) return s;
    Type t = type(f.getMessageType());
    return "@" + t.pkg() + "." + t.name;
  }
  static String elJava(String e) { return e.startsWith("@") ? e.substring(1) : isPrim(e) ? primJava(e) : scalarJava(e); }
  static boolean isPrim(String e) { return Set.of("string", "bool", "int32", "int64", "float64", "bytes").contains(e); }
  static boolean isMap(FieldDescriptor f) { return f.isMapField(); }
  static String fieldJava(F f) {
    if (isMap(f.d)) return "java.util.Map<String, " + elJava(el(f.d.getMessageType().findFieldByName("value"))) + ">";
    String e = el(f.d);
    if (f.d.isRepeated()) return "java.util.List<" + elJava(e) + ">";
    return elJava(e);
  }
  static boolean collection(F f) { return f.d.isRepeated() || el(f.d).equals("strings"); }
  static boolean emptyable(F f, Set<String> hasEmpty) {
    return !collection(f) && el(f.d).startsWith("@") && Set.of("metadata", "spec", "status", "template").contains(f.json);
  }
  static String jsonRead(String e) { return e.startsWith("@") ? "in.object(" + e.substring(1) + ".CODEC)" : switch (e) { case "strings" -> "in.list(in::string)"; case "schemaOrArray", "schemaOrBool", "schemaOrStrings" -> "in.json()"; default -> "in." + e + "()"; }; }
  static String jsonElWrite(String e, String v) { return e.startsWith("@") ? e.substring(1) + ".CODEC.writeJson(" + v + ", out)" : switch (e) {
     case "string" -> "out.string(" + v + ")"; case "bool" -> "out.bool(" + v + ")"; case "int32", "int64", "float64" -> "out.number(" + v + ")"; case "bytes" -> "out.string(" + v + ".base64())"; case "quantity" -> "out.string(" + v + ".toString())";
     case "time" -> "out.string(dev.kapell.api.Times.seconds(" + v + "))"; case "microTime" -> "out.string(dev.kapell.api.Times.micros(" + v + "))"; case "intOrString" -> "out.intOrString(" + v + ")"; case "strings" -> "out.strings(" + v + ")"; default -> "out.json(" + v + ")"; }; }
  static String protoRead(String e) { return e.startsWith("@") ? "in.object(" + e.substring(1) + ".CODEC)" : switch (e) { case "strings" -> "in.strings()"; case "schemaOrArray", "schemaOrBool", "schemaOrStrings" -> "dev.kapell.api.schemaforms.SchemaForms." + e + "(in)"; default -> "in." + e + "()"; }; }
  static String protoWrite(String e, int n, String v) { return e.startsWith("@") ? "out.object(" + n + ", " + v + ", " + e.substring(1) + ".CODEC)" : e.startsWith("schemaOr") ? "dev.kapell.api.schemaforms.SchemaForms." + e + "(out, " + n + ", " + v + ")" : "out." + e + "(" + n + ", " + v + ")"; }

  static void write(Type t, Descriptor d) throws Exception {
    Class<?> c = model(t);
    List<F> fs = new ArrayList<>();
    collect(t, d, c, props(c), List.of(), fs);
    fs.sort(Comparator.comparing(f -> f.json));
    boolean kind = isKind(d), object = isObject(d);
    String n = t.name;
    StringBuilder b = new StringBuilder();
    SchemaGenerator.add(t, c, kind, fs);
    b.append("package ").append(t.pkg()).append(";\n\nimport dev.kapell.api.Codec;\nimport dev.kapell.api.json.JsonIn;\nimport dev.kapell.api.json.JsonOut;\nimport dev.kapell.api.proto.ProtoIn;\nimport dev.kapell.api.proto.ProtoOut;\nimport org.jspecify.annotations.Nullable;\n\n");
    b.append("/** Generated from the published models: {@code ").append(n).append("}. Immutable. */\n");
    b.append("public record ").append(n).append("(");
    b.append(fs.stream().map(f -> (collection(f) || emptyable(f, null) ? "" : nul(fieldJava(f)) ? "" : "") + ann(f) + " " + f.java).collect(Collectors.joining(", ")));
    b.append(")").append(object ? " implements dev.kapell.api.ApiObject" : "").append(" {\n");
    b.append("  /** How it is read and written. */\n  public static final Codec<").append(n).append("> CODEC = new Fields();\n");
    b.append("  /** Nothing set. */\n  public static final ").append(n).append(" EMPTY = new Builder().build();\n\n");
    b.append("  /** Copies collections, makes absent ones empty. */\n  public ").append(n).append(" {\n");
    for (F f : fs) {
      if (isMap(f.d)) b.append("    ").append(f.java).append(" = dev.kapell.api.Collected.map(").append(f.java).append(");\n");
      else if (collection(f)) b.append("    ").append(f.java).append(" = dev.kapell.api.Collected.list(").append(f.java).append(");\n");
    }
    b.append("  }\n\n");
    if (kind) {
      String gv = t.group.equals("meta") ? "v1" : (GROUPS.get(t.group).isEmpty() ? t.version : GROUPS.get(t.group) + "/" + t.version);
      String o = object ? "  @Override\n" : "  /** Constant. */\n";
      b.append(o).append("  public String apiVersion() {\n    return \"").append(gv).append("\";\n  }\n\n").append(o).append("  public String kind() {\n    return \"").append(n).append("\";\n  }\n\n");
    }
    for (F f : fs) {
      String jt = fieldJava(f);
      if (!collection(f) && !el(f.d).startsWith("@"))
        b.append("  /** {@code ").append(f.json).append("}, or {@code other} when absent. */\n  public ").append(jt).append(" ").append(f.java).append("Or(").append(jt).append(" other) {\n    return ").append(f.java).append(" == null ? other : ").append(f.java).append(";\n  }\n\n");
      b.append("  /** The same with another {@code ").append(f.json).append("}. */\n  public ").append(n).append(" with").append(cap(f.java)).append("(").append(ann(f)).append(" ").append(f.java).append(") {\n    return new ").append(n).append("(").append(fs.stream().map(x -> x.java.equals(f.java) ? x.java : "this." + x.java).collect(Collectors.joining(", "))).append(");\n  }\n\n");
    }
    b.append("  /** A builder with nothing set. */\n  public static Builder builder() {\n    return new Builder();\n  }\n\n  /** A builder with everything set as here. */\n  public Builder toBuilder() {\n    Builder builder = new Builder();\n");
    for (F f : fs) b.append("    builder.").append(f.java).append(" = ").append(f.java).append(";\n");
    b.append("    return builder;\n  }\n\n  /** Collects components. One thread. */\n  public static final class Builder {\n");
    for (F f : fs) {
      String init = isMap(f.d) ? " = java.util.Map.of()" : collection(f) ? " = java.util.List.of()" : emptyable(f, null) ? " = " + fieldJava(f) + ".EMPTY" : "";
      b.append("    private ").append(ann(f)).append(" ").append(f.java).append(init).append(";\n");
    }
    b.append("\n    Builder() {}\n\n");
    for (F f : fs) b.append("    /** Sets {@code ").append(f.json).append("}. */\n    public Builder ").append(f.java).append("(").append(ann(f)).append(" value) {\n      this.").append(f.java).append(" = value;\n      return this;\n    }\n\n");
    b.append("    /** The record. */\n    public ").append(n).append(" build() {\n      return new ").append(n).append("(").append(fs.stream().map(F::java).collect(Collectors.joining(", "))).append(");\n    }\n  }\n\n");
    // codec
    b.append("  private static final class Fields implements Codec<").append(n).append("> {\n    @Override\n    public ").append(n).append(" readJson(JsonIn in) {\n      Builder builder = new Builder();\n      in.beginObject();\n      long seen = 0;\n      long seenMore = 0;\n      for (String name = in.nextField(); name != null; name = in.nextField()) {\n        int index = indexOf(name);\n        if (index < 0) {\n          ").append(kind ? "if (index == -2) {\n            in.skip();\n          } else {\n            in.unknown();\n          }\n" : "in.unknown();\n").append("          continue;\n        }\n        if (index < 64 ? (seen & 1L << index) != 0 : (seenMore & 1L << index) != 0) {\n          in.repeated();\n        }\n        if (index < 64) {\n          seen |= 1L << index;\n        } else {\n          seenMore |= 1L << index;\n        }\n        switch (index) {\n");
    int i = 0;
    for (F f : fs) {
      String e = el(f.d), read;
      if (isMap(f.d)) { String ve = el(f.d.getMessageType().findFieldByName("value")); read = "in.map(() -> " + jsonRead(ve) + ")"; }
      else if (f.d.isRepeated()) read = "in.list(() -> " + jsonRead(e) + ")";
      else read = jsonRead(e);
      if (emptyable(f, null)) read = "dev.kapell.api.Collected.or(" + read + ", " + fieldJava(f) + ".EMPTY)";
      b.append("          case ").append(i++).append(" -> builder.").append(f.java).append(" = ").append(read).append(";\n");
    }
    b.append("          default -> throw new IllegalStateException(name);\n        }\n      }\n      return builder.build();\n    }\n\n    private static int indexOf(String name) {\n      return switch (name) {\n");
    i = 0;
    for (F f : fs) b.append("        case \"").append(f.json).append("\" -> ").append(i++).append(";\n");
    if (kind) { if (fs.stream().noneMatch(f -> f.json.equals("apiVersion"))) b.append("        case \"apiVersion\" -> -2;\n"); if (fs.stream().noneMatch(f -> f.json.equals("kind"))) b.append("        case \"kind\" -> -2;\n"); }
    b.append("        default -> -1;\n      };\n    }\n\n    @Override\n    public void writeJson(").append(n).append(" value, JsonOut out) {\n      out.beginObject();\n");
    if (kind) b.append("      out.field(\"apiVersion\", value.apiVersion());\n      out.field(\"kind\", value.kind());\n");
    List<F> order = new ArrayList<>(fs);
    order.sort(Comparator.comparing(f -> f.json.equals("metadata") ? 0 : 1));
    for (F f : order) {
      String e = el(f.d), v = "value." + f.java;
      String w;
      if (t.name.equals("ObjectMeta") && f.json.equals("resourceVersion")) w = "out.resourceVersion(" + v + ")";
      else if (isMap(f.d)) { String ve = el(f.d.getMessageType().findFieldByName("value")); w = "out.map(\"" + f.json + "\", " + v + ", " + f.required + ", x -> " + jsonElWrite(ve, "x") + ")"; }
      else if (e.equals("strings")) w = "out.list(\"" + f.json + "\", " + v + ", " + f.required + ", x -> out.string(x))";
      else if (f.d.isRepeated()) w = "out.list(\"" + f.json + "\", " + v + ", " + f.required + ", x -> " + jsonElWrite(e, "x") + ")";
      else if (e.startsWith("@")) { w = "out.object(\"" + f.json + "\", " + v + ", " + e.substring(1) + ".CODEC)"; if (emptyable(f, null) && !f.required) w = "if (!" + v + ".equals(" + e.substring(1) + ".EMPTY)" + (f.json.equals("metadata") && object ? " || out.wantsStamp()" : "") + ") {\n        " + w + ";\n      }"; }
      else if (e.equals("time") || e.equals("microTime")) w = "out." + e + "(\"" + f.json + "\", " + v + ")";
      else w = "out.field(\"" + f.json + "\", " + v + ")";
      b.append("      ").append(w).append(w.endsWith("}") ? "\n" : ";\n");
    }
    b.append("      out.endObject();\n    }\n\n");
    // proto read
    b.append("    @Override\n    public ").append(n).append(" readProto(ProtoIn in) {\n      Builder builder = new Builder();\n");
    for (F f : fs) {
      if (isMap(f.d)) b.append("      java.util.Map<String, ").append(elJava(el(f.d.getMessageType().findFieldByName("value")))).append("> ").append(f.java).append(" = new java.util.LinkedHashMap<>();\n");
      else if (f.d.isRepeated()) b.append("      java.util.List<").append(elJava(el(f.d))).append("> ").append(f.java).append(" = new java.util.ArrayList<>();\n");
    }
    b.append("      for (int number = in.nextField(); number != 0; number = in.nextField()) {\n        switch (number) {\n");
    protoCases(b, fs, List.of(), "          ");
    b.append("          default -> in.skip();\n        }\n      }\n");
    for (F f : fs) if (f.d.isRepeated()) b.append("      builder.").append(f.java).append(" = ").append(f.java).append(";\n");
    b.append("      return builder.build();\n    }\n\n    @Override\n    public void writeProto(").append(n).append(" value, ProtoOut out) {\n");
    protoWrites(b, fs, List.of(), "      ");
    b.append("    }\n  }\n}\n");
    Files.writeString(dirOf(t.pkg()).resolve(n + ".java"), b.toString());
  }
  static void protoCases(StringBuilder b, List<F> fs, List<Integer> prefix, String ind) {
    Set<Integer> inl = new TreeSet<>();
    for (F f : fs) {
      if (f.path.equals(prefix)) {
        String e = el(f.d);
        String r;
        if (isMap(f.d)) { String ve = el(f.d.getMessageType().findFieldByName("value")); r = "in.entry(" + f.java + ", () -> " + protoRead(ve) + ", " + absent(ve) + ")"; }
        else if (f.d.isRepeated()) r = "in.element(" + f.java + ", () -> " + protoRead(e) + ")";
        else r = "builder." + f.java + " = " + protoRead(e);
        b.append(ind).append("case ").append(f.d.getNumber()).append(" -> ").append(r).append(";\n");
      } else if (f.path.size() > prefix.size() && f.path.subList(0, prefix.size()).equals(prefix)) inl.add(f.path.get(prefix.size()));
    }
    for (int k : inl) {
      List<Integer> p = new ArrayList<>(prefix); p.add(k);
      String var = "n" + p.stream().map(String::valueOf).collect(Collectors.joining("_"));
      b.append(ind).append("case ").append(k).append(" -> in.fields(").append(var).append(" -> {\n").append(ind).append("  switch (").append(var).append(") {\n");
      protoCases(b, fs, p, ind + "    ");
      b.append(ind).append("    default -> in.skip();\n").append(ind).append("  }\n").append(ind).append("});\n");
    }
  }
  static String absent(String e) { return e.startsWith("@") ? e.substring(1) + ".EMPTY" : switch (e) { case "string" -> "\"\""; case "bool" -> "false"; case "int32" -> "0"; case "int64" -> "0L"; case "float64" -> "0.0"; case "bytes" -> "dev.kapell.api.Bytes.EMPTY"; case "quantity" -> "dev.kapell.api.resource.Quantity.ZERO"; case "time", "microTime" -> "java.time.Instant.EPOCH"; case "strings" -> "java.util.List.of()"; default -> "dev.kapell.api.Json.of(null)"; }; }
  static void protoWrites(StringBuilder b, List<F> fs, List<Integer> prefix, String ind) {
    List<F> order = new ArrayList<>(fs); order.sort(Comparator.comparing(f -> f.d.getNumber()));
    Set<Integer> inl = new TreeSet<>();
    for (F f : order) {
      if (f.path.equals(prefix)) {
        String e = el(f.d), v = "value." + f.java; int n = f.d.getNumber();
        if (isMap(f.d)) { String ve = el(f.d.getMessageType().findFieldByName("value")); b.append(ind).append("out.map(").append(n).append(", ").append(v).append(", x -> ").append(protoWrite(ve, 2, "x")).append(");\n"); }
        else if (f.d.isRepeated()) b.append(ind).append("out.list(").append(v).append(", x -> ").append(protoWrite(e, n, "x")).append(");\n");
        else if (emptyable(f, null)) b.append(ind).append("if (!").append(v).append(".equals(").append(e.substring(1)).append(".EMPTY)) {\n").append(ind).append("  ").append(protoWrite(e, n, v)).append(";\n").append(ind).append("}\n");
        else b.append(ind).append(protoWrite(e, n, v)).append(";\n");
      } else if (f.path.size() > prefix.size() && f.path.subList(0, prefix.size()).equals(prefix)) inl.add(f.path.get(prefix.size()));
    }
    for (int k : inl) {
      List<Integer> p = new ArrayList<>(prefix); p.add(k);
      b.append(ind).append("out.message(").append(k).append(", () -> {\n"); protoWrites(b, fs, p, ind + "  "); b.append(ind).append("});\n");
    }
  }
  static boolean nul(String s) { return false; }
  static String cap(String s) { return Character.toUpperCase(s.charAt(0)) + s.substring(1); }
  /** type with Nullable in the right place */
  static String ann(F f) {
    String jt = fieldJava(f);
    if (collection(f) || emptyable(f, null)) return jt;
    int dot = jt.lastIndexOf('.');
    return dot < 0 ? "@Nullable " + jt : jt.substring(0, dot + 1) + "@Nullable " + jt.substring(dot + 1);
  }
}
