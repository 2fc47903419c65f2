package dev.gantry.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator writes, and what it is told when that cannot be used. */
class ModelsFileTest {
  private static final UUID SOMEBODY = UUID.fromString("018f0000-0000-7000-8000-000000000001");
  private static final UUID SOMEBODY_ELSE = UUID.fromString("018f0000-0000-7000-8000-000000000002");

  private static Catalog read(String file) {
    return TestModels.catalog(file, Optional.of("big"));
  }

  @Test
  void readsWhatIsWritten() {
    Catalog catalog =
        read(
            """
            models:
              - name: big
                provider: openai
                model: gpt-x
                api_key_env: MODEL_KEY
                timeout: 2m
                retries: 5
                fallback: small
                price: {input: 3, output: 15}
              - name: small
                provider: ollama
                base_url: http://ollama:11434/
              - name: private
                provider: anthropic
                api_key_secret: THEIR_KEY
                organizations: [018f0000-0000-7000-8000-000000000001]
            defaults:
              018f0000-0000-7000-8000-000000000001: private
            """);

    ConfiguredModel big = catalog.find(SOMEBODY_ELSE, null);
    assertThat(big.model()).isEqualTo("gpt-x");
    assertThat(big.key()).isEqualTo(TestModels.KEY);
    assertThat(big.toString()).doesNotContain(TestModels.KEY);
    assertThat(big.baseUrl()).hasToString("https://api.openai.com/v1");
    assertThat(big.patience().whole()).hasMinutes(2);
    assertThat(big.patience().idle()).hasSeconds(5);
    assertThat(big.retries()).isEqualTo(5);
    ConfiguredModel small = catalog.fallback(big).orElseThrow();
    assertThat(small.baseUrl()).hasToString("http://ollama:11434");
    assertThat(small.model()).isEqualTo("small");
    assertThat(catalog.find(SOMEBODY, null).name()).isEqualTo("private");
    assertThatThrownBy(() -> catalog.find(SOMEBODY_ELSE, "private"))
        .extracting(failure -> ((dev.gantry.http.ApiException) failure).explained())
        .asString()
        .contains("there is no model 'private'; there are: big, small");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "provdier: openai | line 3: models[0].provdier is not known; known are api_key_env,",
        "provider: opena | line 3: models[0].provider",
        "retries: many | line 3: models[0].retries",
        "model: x | models[0].provider: has to be openai, anthropic or ollama",
        "provider: anthropic | models[0].api_key_env, api_key_file or api_key_secret: anthropic needs",
        "{provider: openai, retries: -1} | models[0].retries: has to be at least 0",
        "{provider: openai, timeout: soon} | models[0].timeout: 'soon' is no duration as 30s",
        "{provider: openai, base_url: 'ftp://x'} | models[0].base_url: 'ftp://x' is no URL",
        "{provider: openai, api_key_env: NONE} | models[0].api_key_env: NONE is not set",
        "{provider: openai, api_key_file: /none/key} | models[0].api_key_file: /none/key cannot be",
        "{provider: openai, api_key_env: MODEL_KEY, api_key_secret: S} | only one of them may be",
        "{provider: openai, base_url_secret: U, api_key_env: MODEL_KEY} | or your key goes to their",
        "{provider: openai, price: {input: 1}} | models[0].price: needs input and output",
        "{provider: openai, fallback: none} | the fallback 'none' of 'big' is none",
        "{provider: openai, fallback: big} | the fallbacks of 'big' lead in a circle",
      })
  void saysWhatIsWrongAndWhere(String faulty, String said) {
    String entry = faulty.startsWith("{") ? faulty.substring(1, faulty.length() - 1) : faulty;

    assertThatThrownBy(() -> read("models:\n  - {name: big,\n     " + entry + "}\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("GANTRY_MODELS_FILE: /")
        .hasMessageContaining(".yaml")
        .hasMessageContaining(said);
  }

  @Test
  void saysAllThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    models:
                      - {name: a, provider: openai, fallback: b}
                      - {name: b, provider: openai, organizations: [%s]}
                      - {name: b, provider: openai}
                      - {provider: openai, max_output_tokens: 0}
                    defaults: {%s: b, %s: c}
                    """
                        .formatted(SOMEBODY, SOMEBODY, SOMEBODY_ELSE)))
        .hasMessageContaining("there are two with the name 'b'")
        .hasMessageContaining("models[3].name: has to be set")
        .hasMessageContaining("models[3].max_output_tokens: has to be at least 1")
        .hasMessageContaining("there is no model 'c'")
        .hasMessageContaining("GANTRY_MODELS_DEFAULT: there is no model 'big'");
  }

  @Test
  void aFallbackIsForAllThatMayFallBack() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    models:
                      - {name: big, provider: openai, fallback: b}
                      - {name: b, provider: openai, organizations: [%s]}
                    defaults: {%s: b}
                    """
                        .formatted(SOMEBODY, SOMEBODY_ELSE)))
        .hasMessageContaining("the fallback 'b' of 'big' is not for all its organizations")
        .hasMessageContaining("the model 'b' is not for this organization");
  }

  @Test
  void aFileThatIsEmptySaysSo() {
    assertThatThrownBy(() -> read("models: []\n"))
        .hasMessageContaining("models: has to list at least one");
    assertThatThrownBy(() -> read("models: [\n")).hasMessageContaining("line ");
  }
}
