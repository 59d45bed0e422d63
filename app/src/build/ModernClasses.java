import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes the classes of a jar anew that are older than Java 6, with the frames for verification
 * that such classes lack. The JVM keeps no older class in an AOT cache, so each start would read,
 * check and link all of them: picocli's take an eighth of a start.
 *
 * <p>Then renames the jar to FINISHED at once: a program that runs from a jar of that name keeps
 * the old one open, and is not torn by the new one.
 *
 * <pre>java ModernClasses.java JAR FINISHED</pre>
 */
final class ModernClasses {
  private static final int FIRST_WITH_FRAMES = ClassFile.JAVA_6_VERSION;
  private static final int MAJOR_AT = 6;

  private final Path root;
  private final ClassFile format;

  private ModernClasses(Path root) {
    this.root = root;
    this.format =
        ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(type -> read(type.descriptorString()))
                    .orElse(ClassHierarchyResolver.defaultResolver())));
  }

  public static void main(String[] arguments) throws IOException {
    Path draft = Path.of(arguments[0]);
    try (FileSystem jar = FileSystems.newFileSystem(draft)) {
      new ModernClasses(jar.getPath("/")).run();
    }
    Files.move(draft, Path.of(arguments[1]), StandardCopyOption.ATOMIC_MOVE);
  }

  private void run() throws IOException {
    List<Path> classes;
    try (Stream<Path> files = Files.walk(root)) {
      classes = files.filter(file -> file.toString().endsWith(".class")).toList();
    }
    for (Path file : classes) {
      if (major(file) < FIRST_WITH_FRAMES) {
        Files.write(file, modern(Files.readAllBytes(file)));
      }
    }
  }

  private static int major(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(MAJOR_AT + 2);
      return (head[MAJOR_AT] & 0xff) << 8 | head[MAJOR_AT + 1] & 0xff;
    }
  }

  private byte[] modern(byte[] old) {
    ClassModel model = format.parse(old);
    ClassTransform version =
        (builder, element) ->
            builder.with(
                element instanceof ClassFileVersion
                    ? ClassFileVersion.of(FIRST_WITH_FRAMES, 0)
                    : element);
    // Bodies that pass through a transform are written anew, with their frames.
    ClassTransform bodies =
        ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element));
    return format.transformClass(model, version.andThen(bodies));
  }

  private InputStream read(String descriptor) {
    try {
      return Files.newInputStream(
          root.resolve(descriptor.substring(1, descriptor.length() - 1) + ".class"));
    } catch (NoSuchFileException e) {
      return null; // the JDK's
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
