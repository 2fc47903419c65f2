package dev.gantry.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  @Test
  void isReadAndWrittenAsTheStandardSays() {
    String header = "00-" + TRACE + "-" + SPAN + "-01";
    TraceContext read = TraceContext.parse(header).orElseThrow();
    assertThat(read).isEqualTo(new TraceContext(TRACE, SPAN, TraceContext.RECORDED));
    assertThat(read.text()).isEqualTo(header);
  }

  @Test
  void ofALaterVersionWhatIsKnownIsRead() {
    assertThat(TraceContext.parse("cc-" + TRACE + "-" + SPAN + "-00-what-will-be"))
        .contains(new TraceContext(TRACE, SPAN, TraceContext.NOT_RECORDED));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN,
        "00-" + TRACE + "-" + SPAN + "-1",
        "00-" + TRACE + "-" + SPAN + "-01\r\nx: y"
      })
  void whatIsNotWellFormedIsNone(String header) {
    assertThat(TraceContext.parse(header)).isEmpty();
  }
}
