package dev.gantry.resources;

import jakarta.ws.rs.core.HttpHeaders;
import java.net.URI;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Answers that show one resource, with its {@code ETag}. Pure code. */
public final class ResourceAnswers {
  private ResourceAnswers() {}

  public static <V> RestResponse<V> ok(Resource resource, V view) {
    return ok(resource.version, view);
  }

  /**
   * @param version of the resource that the view shows
   */
  public static <V> RestResponse<V> ok(int version, V view) {
    return ResponseBuilder.ok(view).header(HttpHeaders.ETAG, EntityTag.of(version)).build();
  }

  /**
   * @param collection the path of the list, as {@code /agents}
   */
  public static <V> RestResponse<V> created(String collection, Resource resource, V view) {
    return ResponseBuilder.ok(view)
        .status(RestResponse.Status.CREATED)
        .header(HttpHeaders.ETAG, EntityTag.of(resource))
        .location(URI.create(collection + "/" + resource.publicId()))
        .build();
  }
}
