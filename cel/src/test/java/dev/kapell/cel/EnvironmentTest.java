package dev.kapell.cel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.cel.type.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {
  static final Environment ENVIRONMENT =
      Environment.builder().variable("object", ValueType.DYN).build();
  static final Map<String, Object> OBJECT =
      Map.of("spec", Map.of("replicas", 3L, "names", List.of("a", "b"), "image", "x:1"));

  static Object eval(String expression) throws CompileException {
    return ENVIRONMENT
        .compile(expression)
        .eval(name -> Optional.of(OBJECT), Budget.of(Budget.RULES));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "object.spec.replicas <= 5",
        "object.spec.replicas + 1 == 4",
        "has(object.spec.image) && !has(object.spec.foo)",
        "object.spec.?foo.orValue('none') == 'none'",
        "object.?spec.?image.value() == 'x:1'",
        "object.spec.names.all(n, n in ['a', 'b', 'c'])",
        "object.spec.names.exists(n, n == 'a')",
        "object.spec.names.exists_one(n, n == 'a')",
        "object.spec.names.map(n, n + '!') == ['a!', 'b!']",
        "object.spec.names.filter(n, n == 'b') == ['b']",
        "object.spec.names.all(i, n, i < 2 && n != '')",
        "object.spec.names.transformList(i, n, n + string(i)) == ['a0', 'b1']",
        "object.spec.names.transformMap(i, n, n)[1] == 'b'",
        "cel.bind(r, object.spec.replicas, r * r) == 9",
        "object.spec.image.matches('^[a-z]+:[0-9]+$')",
        "'%s has %d, %.2f, %x'.format(['a', 3, 1.5, 255]) == 'a has 3, 1.50, ff'",
        "object.spec.names.join(',') == 'a,b'",
        "'a,b,c'.split(',', 2) == ['a', 'b,c']",
        "'hello'.substring(1, 3) == 'el' && 'hello'.charAt(4) == 'o' && 'hello'.indexOf('l') == 2",
        "'tacocat'.replace('c', 'C', 1) == 'taCocat' && ' a '.trim() == 'a'",
        "'AbC'.lowerAscii() == 'abc' && 'AbC'.upperAscii() == 'ABC'",
        "[1, 2, 3].sum() == 6 && [1, 3].max() == 3 && ['b', 'a'].min() == 'a'",
        "[1, 2, 2].indexOf(2) == 1 && [1, 2, 2].lastIndexOf(2) == 2 && [1, 2].isSorted()",
        "[3, 1, 2].sort() == [1, 2, 3] && [[1], [2]].flatten() == [1, 2]",
        "object.spec.names.sortBy(n, n == 'a' ? 2 : 1) == ['b', 'a']",
        "[1, 2, 1].distinct() == [1, 2] && [1, 2, 3].slice(1, 3) == [2, 3]",
        "sets.contains([1, 2], [2]) && sets.intersects([1], [1, 2])",
        "sets.equivalent([1, 2], [2, 1, 1])",
        "'abc 123'.find('[0-9]+') == '123' && '1 2'.findAll('[0-9]') == ['1', '2']",
        "quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('50k').asInteger() == 50000",
        "quantity('1').add(1).compareTo(quantity('2000m')) == 0 && !isQuantity('1x')",
        "quantity('1Ki') == quantity('1024')",
        "url('https://user@a.example:8080/x?y=1&y=2').getHost() == 'a.example:8080'",
        "url('https://a.example/x?y=1&y=2').getQuery()['y'] == ['1', '2'] && !isURL('no url')",
        "ip('::1').family() == 6 && ip('127.0.0.1').isLoopback() && !isIP('1.2.3')",
        "!isIP('01.2.3.4') && !isIP('::ffff:1.2.3.4') && ip.isCanonical('::1') && !ip.isCanonical('0::1')",
        "cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP('11.1.2.3')",
        "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && string(cidr('10.1.2.3/8').masked()) == '10.0.0.0/8'",
        "!format.dns1123Label().validate('ok').hasValue()",
        "format.named('uuid').value().validate('x').hasValue()",
        "semver('1.2.3').isLessThan(semver('1.10.0')) && semver('v1.2', true).patch() == 0",
        "duration('1h30m').getMinutes() == 90",
        "timestamp('2023-01-02T03:04:05Z') + duration('1h') == timestamp('2023-01-02T04:04:05Z')",
        "timestamp('2023-01-02T03:04:05Z').getFullYear() == 2023",
        "type(1) == int && type('a') == string && type([]) == list && type(1.0) != int",
        "dyn(1) == 1.0 && dyn(1u) == 1 && 2 > 1.5 && dyn(1) == dyn(1u)",
        "{'a': 1}.a == 1 && 'a' in {'a': 1} && {'a': 1}['a'] == 1",
        "true || object.nothing == 1",
        "object.nothing == 1 || true",
        "!(false && object.nothing == 1)",
        "[1, 2].exists(x, x == 2 || object.nothing == 1)",
        "size('äö') == 2 && size([1, 2]) == 2 && 'abc'.size() == 3 && size({}) == 0",
        "string(1.0) == '1' && string(1.5e30) == '1.5e+30' && int('42') == 42 && double('1.5') == 1.5",
        "b'abc' == bytes('abc') && string(b'abc') == 'abc'",
        "[optional.of(1), optional.none()].size() == 2 && [?optional.none(), 1] == [1]",
        "optional.of(2).optMap(x, x + 1).value() == 3",
        "object[?'spec'].hasValue() && !object[?'none'].hasValue()",
        "strings.quote('a\"b') == '\"a\\\\\"b\"'",
        "jsonpatch.escapeKey('a/b~c') == 'a~1b~0c'",
        "lists.range(3) == [0, 1, 2] && [1, 2].reverse() == [2, 1] && [1, 2].first().value() == 1",
      })
  void evaluates(String expression) throws CompileException {
    assertThat(eval(expression)).isEqualTo(true);
  }
}
