package dev.gantry.artifacts;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestMulti;

/** Answers with an artifact's content, which no browser is to take for a page of this origin. */
final class Contents {
  private Contents() {}

  static Multi<byte[]> answer(ArtifactReader reader, Uni<Artifact> artifact) {
    return RestMulti.fromUniResponse(artifact, reader::content, Contents::headers);
  }

  private static Map<String, List<String>> headers(Artifact artifact) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put(HttpHeaders.CONTENT_LENGTH, List.of(Long.toString(artifact.size())));
    headers.put(HttpHeaders.ETAG, List.of("\"" + artifact.sha256() + "\""));
    headers.put(
        HttpHeaders.CONTENT_DISPOSITION,
        List.of(disposition(artifact.path().substring(artifact.path().lastIndexOf('/') + 1))));
    headers.put("X-Content-Type-Options", List.of("nosniff"));
    return headers;
  }

  /** For clients that know RFC 8187, which has percent signs, and for those that do not. */
  private static String disposition(String file) {
    String plain = file.replaceAll("[^A-Za-z0-9._-]", "_");
    String encoded = URLEncoder.encode(file, StandardCharsets.UTF_8).replace("+", "%20");
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
  }
}
