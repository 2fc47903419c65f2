package dev.gantry.runner.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class EnvFileTest {
  @Test
  void reads_what_tools_write() {
    assertThat(
            EnvFile.read(
                """
                # a comment

                PLAIN=a b
                EMPTY=
                export EXPORTED=x
                SINGLE='a # b $X "c"'
                DOUBLE="a\\tb \\"c\\" \\$X" # a comment
                COMMENTED=a # b
                HASH=a#b
                  SPACED = 1
                URL=https://example.com/?a=b&c=d
                IT=it's
                """))
        .containsExactly(
            entry("PLAIN", "a b"),
            entry("EMPTY", ""),
            entry("EXPORTED", "x"),
            entry("SINGLE", "a # b $X \"c\""),
            entry("DOUBLE", "a\tb \"c\" $X"),
            entry("COMMENTED", "a"),
            entry("HASH", "a#b"),
            entry("SPACED", "1"),
            entry("URL", "https://example.com/?a=b&c=d"),
            entry("IT", "it's"));
  }

  @Test
  void names_the_line_that_is_none() {
    assertThatThrownBy(() -> EnvFile.read("A=1\n\nnot a variable\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("line 3 is not NAME=value");
    assertThatThrownBy(() -> EnvFile.read("A='open")).isInstanceOf(IllegalArgumentException.class);
  }
}
