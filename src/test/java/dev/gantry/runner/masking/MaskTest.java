package dev.gantry.runner.masking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** B5: a secret's value is found in every form that is promised, wherever it is cut. */
class MaskTest {
  private static final String CANARY = "Zk\"9/ü+ß %~w$canary\\7'x";
  private static final Mask MASK = Mask.of(List.of(CANARY));

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertHidden(String shown) {
    String masked = MASK.apply("before " + shown + " after");
    assertThat(masked).startsWith("before ").endsWith(" after");
    String middle = masked.substring("before ".length(), masked.length() - " after".length());
    assertThat(middle.replace("\n", "").replace("\r", "")).matches("[*=]+");
  }

  @Test
  void asItIs() {
    assertHidden(CANARY);
  }

  @Test
  void inBase64() {
    assertHidden(base64(CANARY));
    assertHidden(
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(CANARY.getBytes(StandardCharsets.UTF_8)));
    assertHidden(
        Base64.getMimeEncoder(16, new byte[] {'\n'})
            .encodeToString(CANARY.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "u", "us", "use", "user:", "user: "})
  void withinSomethingLongerInBase64(String before) {
    String masked = MASK.apply(base64(before + CANARY + before));
    assertThat(masked).hasSameSizeAs(base64(before + CANARY + before));
    String shown = masked.replace("*", "");
    assertThat(shown.length()).isLessThanOrEqualTo(2 * base64(before).length() + 4);
    for (int size = 8; size < CANARY.length(); size++) {
      assertThat(masked).doesNotContain(base64(CANARY.substring(0, size)).substring(0, 8));
    }
  }

  @Test
  void inUrls() {
    String form = URLEncoder.encode(CANARY, StandardCharsets.UTF_8);
    assertHidden(form);
    assertHidden(form.replace("+", "%20"));
    assertHidden(form.replace("+", "%20").replace("%7E", "~"));
    assertHidden(form.replace("+", "%20").replace("%7E", "~").replace("%27", "'"));
    assertHidden(form.replace("+", "%20").replace("%7E", "~").replace("%2F", "/"));
    assertHidden(lowerHex(form));
  }

  private static String lowerHex(String form) {
    StringBuilder text = new StringBuilder(form);
    for (int i = 0; i + 2 < text.length(); i++) {
      if (text.charAt(i) == '%') {
        text.replace(i + 1, i + 3, text.substring(i + 1, i + 3).toLowerCase(Locale.ROOT));
      }
    }
    return text.toString();
  }

  @Test
  void inJson() throws JsonProcessingException {
    ObjectMapper plain = new ObjectMapper();
    ObjectMapper ascii = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    String quoted = plain.writeValueAsString(CANARY);
    assertHidden(quoted.substring(1, quoted.length() - 1));
    assertHidden(quoted.substring(1, quoted.length() - 1).replace("/", "\\/"));
    String escaped = ascii.writeValueAsString(CANARY);
    assertHidden(
        escaped
            .substring(1, escaped.length() - 1)
            .replace("\\u00FC", "\\u00fc")
            .replace("\\u00DF", "\\u00df"));
  }

  @Test
  void splitOverLines() {
    assertHidden(CANARY.substring(0, 9) + "\n" + CANARY.substring(9));
    assertHidden(
        CANARY.substring(0, 5) + "\r\n" + CANARY.substring(5, 14) + "\n" + CANARY.substring(14));
  }

  @Test
  void aLineOfAValueOfSeveral() {
    Mask mask = Mask.of(List.of("-----BEGIN-----\nAbCdEfGh12345678\nIjKlMnOp\n---\n"));
    assertThat(mask.apply("x AbCdEfGh12345678 y")).isEqualTo("x **************** y");
    assertThat(mask.apply("--- and --- more")).isEqualTo("--- and --- more");
    assertThat(mask.apply("-----BEGIN-----\nAbCdEfGh12345678\nIjKlMnOp\n---\nrest"))
        .isEqualTo("***************\n****************\n********\n***\nrest");
  }

  @Test
  void whatIsNoSecretStays() {
    String text = "Zk\"9 is not it, nor is canary\\7'x; nor base64 " + base64("something else");
    assertThat(MASK.apply(text)).isEqualTo(text);
    assertThat(Mask.NONE.apply(text)).isEqualTo(text);
  }

  @Test
  void tooShortToBeMasked() {
    assertThat(Mask.of(List.of("abc")).isEmpty()).isTrue();
    assertThat(Mask.of(List.of("abcd")).apply("xabcdx")).isEqualTo("x****x");
  }

  @Test
  void theLongerOfTwoThatBeginAlike() {
    Mask mask = Mask.of(List.of("password", "password-of-root"));
    assertThat(mask.apply("a password-of-root b")).isEqualTo("a **************** b");
    byte[] text = "a password-of".getBytes(StandardCharsets.UTF_8);
    assertThat(mask.apply(text, text.length, false)).isEqualTo(2);
  }

  @Test
  void anUnfinishedValueIsNotDecided() {
    byte[] text = "some text Zk\"9/".getBytes(StandardCharsets.UTF_8);
    assertThat(MASK.apply(text.clone(), text.length, false)).isEqualTo("some text ".length());
    assertThat(MASK.apply(text.clone(), text.length, true)).isEqualTo(text.length);
    byte[] head = "some text Zk".getBytes(StandardCharsets.UTF_8);
    assertThat(MASK.apply(head, head.length, false)).isEqualTo("some text ".length());
    byte[] line = "some text\n".getBytes(StandardCharsets.UTF_8);
    assertThat(MASK.apply(line, line.length, false)).isEqualTo(line.length);
  }

  /** However an output is cut into parts, the parts together are what the whole is masked to. */
  @Test
  void partsAreMaskedLikeTheWhole() {
    Random random = new Random(7);
    List<String> values = List.of("abab\ncdcd", "ababcdcdabab", "cdab", "dddd");
    Mask mask = Mask.of(values);
    for (int round = 0; round < 2000; round++) {
      byte[] whole = new byte[60];
      for (int i = 0; i < whole.length; i++) {
        whole[i] = (byte) "abcd\n".charAt(random.nextInt(5));
      }
      byte[] expected = whole.clone();
      mask.apply(expected, expected.length, true);
      int from = random.nextInt(40);
      int to = from + random.nextInt(20);
      int begin = Math.max(0, from - mask.reach());
      int end = Math.min(whole.length, to + mask.reach());
      byte[] part = Arrays.copyOfRange(whole, begin, end);
      mask.apply(part, part.length, end == whole.length);
      assertThat(Arrays.copyOfRange(part, from - begin, to - begin))
          .isEqualTo(Arrays.copyOfRange(expected, from, to));
      byte[] head = Arrays.copyOf(whole, to);
      int decided = mask.apply(head, to, false);
      assertThat(Arrays.copyOf(head, decided)).isEqualTo(Arrays.copyOf(expected, decided));
    }
  }

  @Test
  void aMaskDoesNotTellItsValues() {
    assertThat(MASK.toString()).doesNotContain("canary");
    assertThat(MASK.values().stream().collect(Collectors.joining())).isEqualTo(CANARY);
  }
}
