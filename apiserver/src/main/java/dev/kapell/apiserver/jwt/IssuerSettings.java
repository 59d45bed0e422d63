package dev.kapell.apiserver.jwt;

import dev.kapell.apiserver.tree.Settings;
import dev.kapell.cel.CompileException;
import dev.kapell.cel.Environment;
import dev.kapell.cel.Program;
import dev.kapell.cel.type.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An issuer whose tokens are believed: an entry of {@code jwt} in an {@code
 * AuthenticationConfiguration}.
 *
 * @param url what its tokens name it by
 * @param discoveryUrl where its discovery document is
 * @param authorityPem who signed the certificate of its server; empty: anybody whom the machine
 *     trusts
 * @param audiences of which a token has to name one
 * @param claimRules what claims have to be
 * @param username the mapping of the user's name
 * @param groups the mapping of groups
 * @param uid the mapping of the uid
 * @param extra mappings of further facts
 * @param userRules what the user has to be
 */
public record IssuerSettings(
    String url,
    String discoveryUrl,
    String authorityPem,
    List<String> audiences,
    List<Rule> claimRules,
    Mapping username,
    Mapping groups,
    Mapping uid,
    Map<String, Mapping> extra,
    List<Rule> userRules) {
  private static final String DISCOVERY = "/.well-known/openid-configuration";

  /** Copies the collections. */
  public IssuerSettings {
    audiences = List.copyOf(audiences);
    claimRules = List.copyOf(claimRules);
    extra = Map.copyOf(extra);
    userRules = List.copyOf(userRules);
  }

  /** Reads an entry; throws {@link Settings.Invalid} with what is wrong. */
  public static IssuerSettings read(Settings entry) {
    entry.only("issuer", "claimValidationRules", "claimMappings", "userValidationRules");
    Settings issuer =
        entry
            .child("issuer")
            .only(
                "url",
                "discoveryURL",
                "certificateAuthority",
                "audiences",
                "audienceMatchPolicy",
                "egressSelectorType");
    String url = https(issuer, "url", "");
    String discovery = https(issuer, "discoveryURL", url + DISCOVERY);
    if (issuer.texts("audiences").isEmpty()) {
      throw issuer.invalid("audiences", "must name at least one audience");
    }
    boolean any = issuer.text("audienceMatchPolicy").equals("MatchAny");
    if (issuer.texts("audiences").size() > 1 && !any) {
      throw issuer.invalid("audienceMatchPolicy", "must be MatchAny for multiple audiences");
    }
    if (issuer.has("egressSelectorType")) {
      throw issuer.invalid("egressSelectorType", "is not served: leave it out");
    }
    Settings mappings = entry.child("claimMappings").only("username", "groups", "uid", "extra");
    Expressions in = new Expressions();
    Map<String, Mapping> extra = new LinkedHashMap<>();
    for (Settings each : mappings.list("extra")) {
      each.only("key", "valueExpression");
      extra.put(required(each, "key"), new Mapping.Expression(in.claims(each, "valueExpression")));
    }
    return new IssuerSettings(
        url,
        discovery,
        issuer.text("certificateAuthority"),
        issuer.texts("audiences"),
        claimRules(entry, in),
        in.prefixed(mappings, "username", true),
        in.prefixed(mappings, "groups", false),
        in.uid(mappings.child("uid")),
        extra,
        userRules(entry, in));
  }

  private static List<Rule> claimRules(Settings entry, Expressions in) {
    List<Rule> rules = new ArrayList<>();
    for (Settings rule : entry.list("claimValidationRules")) {
      rule.only("claim", "requiredValue", "expression", "message");
      if (rule.has("claim") == rule.has("expression")) {
        throw rule.invalid("claim", "or expression is required, not both");
      }
      rules.add(
          rule.has("claim")
              ? new Rule.Claim(rule.text("claim"), rule.text("requiredValue"))
              : new Rule.Expression(
                  in.compile(rule, "expression", in.claims, "bool"),
                  "claims",
                  rule.text("message")));
    }
    return rules;
  }

  private static List<Rule> userRules(Settings entry, Expressions in) {
    List<Rule> rules = new ArrayList<>();
    for (Settings rule : entry.list("userValidationRules")) {
      rule.only("expression", "message");
      rules.add(
          new Rule.Expression(
              in.compile(rule, "expression", in.user, "bool"), "user", rule.text("message")));
    }
    return rules;
  }

  private static String https(Settings settings, String field, String fallback) {
    String text = settings.has(field) ? settings.text(field) : fallback;
    if (!text.startsWith("https://") || text.length() == "https://".length()) {
      throw settings.invalid(field, "must be a URL that begins with https://");
    }
    return text;
  }

  private static String required(Settings settings, String field) {
    if (settings.text(field).isEmpty()) {
      throw settings.invalid(field, "is required");
    }
    return settings.text(field);
  }

  /** Compiles the expressions of one issuer. */
  private static final class Expressions {
    private final Environment claims = environment("claims");
    private final Environment user = environment("user");

    private static Environment environment(String variable) {
      return Environment.builder().variable(variable, ValueType.map(ValueType.DYN)).build();
    }

    private Program claims(Settings settings, String field) {
      return compile(settings, field, claims);
    }

    private Program compile(
        Settings settings, String field, Environment environment, String... results) {
      String expression = required(settings, field);
      try {
        Program program = environment.compile(expression);
        boolean fits =
            results.length == 0
                || program.resultType().equals("dyn")
                || List.of(results).contains(program.resultType());
        if (!fits) {
          throw settings.invalid(field, "must evaluate to " + String.join(" or ", results));
        }
        return program;
      } catch (CompileException e) {
        throw settings.invalid(field, "does not compile: " + e.getMessage());
      }
    }

    private Mapping prefixed(Settings mappings, String field, boolean required) {
      Settings mapping = mappings.child(field).only("claim", "prefix", "expression");
      if (mapping.has("expression")) {
        if (mapping.has("claim") || mapping.has("prefix")) {
          throw mapping.invalid("expression", "excludes claim and prefix");
        }
        return new Mapping.Expression(claims(mapping, "expression"));
      }
      if (mapping.text("claim").isEmpty()) {
        if (required) {
          throw mapping.invalid("claim", "or expression is required");
        }
        return new Mapping.Nothing();
      }
      if (!mapping.has("prefix")) {
        throw mapping.invalid(
            "prefix",
            "is required when claim is set. It can be set to an empty string to disable prefixing");
      }
      return new Mapping.Claim(mapping.text("claim"), mapping.text("prefix"));
    }

    private Mapping uid(Settings mapping) {
      mapping.only("claim", "expression");
      if (mapping.has("expression")) {
        return new Mapping.Expression(claims(mapping, "expression"));
      }
      return mapping.text("claim").isEmpty()
          ? new Mapping.Nothing()
          : new Mapping.Claim(mapping.text("claim"), "");
    }
  }
}
