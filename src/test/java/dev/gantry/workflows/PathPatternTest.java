package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {
  @ParameterizedTest
  @CsvSource({
    "a.txt, a.txt, true",
    "a.txt, b/a.txt, false",
    "a.txt, aXtxt, false",
    "./a.txt, a.txt, true",
    "target/*.jar, target/app.jar, true",
    "target/*.jar, target/lib/app.jar, false",
    "target/*.jar, target/app.jar.md5, false",
    "target/**/*.jar, target/app.jar, true",
    "target/**/*.jar, target/a/b/app.jar, true",
    "**/*.xml, reports/a.xml, true",
    "**/*.xml, a.xml, true",
    "reports/**, reports/a/b.txt, true",
    "reports/**, report, false",
    "reports, reports/a/b.txt, true",
    "reports/, reports/a.txt, true",
    "reports, reports2/a.txt, false",
    "*, .hidden, true",
    "?.txt, a.txt, true",
    "?.txt, ab.txt, false",
    "(a|b)+[c].$x, (a|b)+[c].$x, true",
    "*ü?, größe-ü1, true"
  })
  void meansThePath(String pattern, String path, boolean expected) {
    assertThat(PathPattern.of(pattern).matches(path)).isEqualTo(expected);
  }
}
