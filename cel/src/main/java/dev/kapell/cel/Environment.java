package dev.kapell.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.OptionalType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.kapell.cel.function.Functions;
import dev.kapell.cel.plan.Planner;
import dev.kapell.cel.type.ValueType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What expressions can refer to: Kubernetes' libraries and some variables. Immutable; making one is
 * slow (tens of milliseconds), compiling takes milliseconds. Nothing is loaded before the first.
 */
public final class Environment {
  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableOptionalSyntax(true)
          .enableHeterogeneousNumericComparisons(true)
          .build();

  /** The functions are the same in all environments. */
  private static final class Shared {
    static final Functions FUNCTIONS = new Functions();
  }

  private final Map<String, ValueType> variables;
  private final Map<String, CelType> types;
  private final Map<String, CelType> declared;
  private final String free;
  private final CelCompiler compiler;

  private Environment(Builder builder) {
    this.variables = Map.copyOf(builder.sizes);
    this.types = Map.copyOf(builder.structs);
    this.declared = Map.copyOf(builder.declared);
    this.free = builder.free;
    this.compiler = compiler(types);
  }

  private CelCompiler compiler(Map<String, CelType> known) {
    CelCompilerBuilder compilers =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(
                CelExtensions.optional(), CelExtensions.bindings(), CelExtensions.comprehensions())
            .addMacros(SortBy.MACRO)
            .addFunctionDeclarations(Shared.FUNCTIONS.declarations())
            .setTypeProvider(new Types(known));
    declared.forEach(compilers::addVar);
    return compilers.build();
  }

  /** An environment without variables, to add some. */
  public static Builder builder() {
    return new Builder();
  }

  /** Gathers variables. */
  public static final class Builder {
    private final Map<String, CelType> declared = new LinkedHashMap<>();
    private final Map<String, ValueType> sizes = new LinkedHashMap<>();
    private final Map<String, CelType> structs = new HashMap<>();
    private String free = "";

    private Builder() {}

    /** Adds a variable. */
    public Builder variable(String name, ValueType type) {
      declared.put(name, type.checked());
      sizes.put(name, type);
      structs.putAll(type.structs());
      return this;
    }

    /** Adds a variable that can be absent. */
    public Builder optional(String name, ValueType type) {
      variable(name, type);
      declared.put(name, OptionalType.create(type.checked()));
      return this;
    }

    /** Lets expressions make objects of a type, for instance {@code Object.spec}. */
    public Builder constructs(String type, Map<String, ValueType> fields) {
      structs.putAll(ValueType.object(type, fields).structs());
      return this;
    }

    /**
     * Lets expressions make objects of {@code prefix} and of any type below it, with any fields: of
     * {@code Object}, {@code Object.spec}.
     */
    public Builder constructsFreely(String prefix) {
      free = prefix;
      return this;
    }

    /** Done. */
    public Environment build() {
      return new Environment(this);
    }
  }

  /** Looks object types up. */
  @Immutable
  @SuppressWarnings("Immutable") // the map is a copy
  private record Types(Map<String, CelType> byName) implements CelTypeProvider {
    @Override
    public ImmutableCollection<CelType> types() {
      return ImmutableList.copyOf(byName.values());
    }

    @Override
    public Optional<CelType> findType(String typeName) {
      return Optional.ofNullable(byName.get(typeName));
    }
  }

  /**
   * Compiles an expression that gives one of {@code results}, for instance {@code bool}; none:
   * anything.
   *
   * @throws CompileException in the words of the reference
   */
  public Program compile(String expression, String... results) throws CompileException {
    CelAbstractSyntaxTree ast = check(expression);
    ImmutableSet<String> wanted = ImmutableSet.copyOf(results);
    String given = ast.getResultType().name();
    if (!wanted.isEmpty() && !wanted.contains(given)) {
      throw new CompileException(
          results.length == 1
              ? "must evaluate to " + results[0]
              : "must evaluate to one of " + List.of(results) + ", but has type " + given);
    }
    Planner planner = new Planner(ast, Shared.FUNCTIONS);
    Program program = new Program(expression, ast, planner, variables);
    if (!planner.problems().isEmpty()) {
      throw new CompileException(
          planner.problems().stream()
              .map(problem -> "ERROR: <input>:1:1: " + problem)
              .collect(Collectors.joining("\n")));
    }
    return program;
  }

  private CelAbstractSyntaxTree check(String expression) throws CompileException {
    try {
      CelValidationResult result = compiler.parse(expression, "<input>");
      if (!result.hasError()) {
        CelCompiler checker =
            free.isEmpty() ? compiler : compiler(withConstructed(result.getAst()));
        result = checker.check(result.getAst());
      }
      if (result.hasError()) {
        throw new CompileException(result.getErrorString());
      }
      return result.getAst();
    } catch (CelValidationException e) {
      throw new CompileException(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException | StackOverflowError e) {
      throw new CompileException("ERROR: <input>:1:1: " + e.getMessage());
    }
  }

  /** The types, and those that the expression makes freely, with the fields that it gives them. */
  private Map<String, CelType> withConstructed(CelAbstractSyntaxTree ast) {
    Map<String, CelType> known = new HashMap<>(types);
    Constructed.in(ast.getExpr())
        .forEach(
            (name, fields) -> {
              if (name.equals(free) || name.startsWith(free + ".")) {
                Map<String, ValueType> any = new HashMap<>();
                fields.forEach(field -> any.put(field, ValueType.DYN));
                known.putAll(ValueType.object(name, any).structs());
              }
            });
    return known;
  }
}
