package dev.gantry.openapi;

import io.quarkus.test.junit.callback.QuarkusTestBeforeClassCallback;
import io.restassured.RestAssured;
import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import java.net.URI;

/** Holds each call that a test of the application makes with REST Assured against the document. */
public final class ContractOnEveryCall implements QuarkusTestBeforeClassCallback {
  @Override
  public void beforeClass(Class<?> testClass) {
    if (RestAssured.filters().stream().noneMatch(Held.class::isInstance)) {
      RestAssured.filters(new Held());
    }
  }

  private static final class Held implements Filter {
    @Override
    public Response filter(
        FilterableRequestSpecification request,
        FilterableResponseSpecification expected,
        FilterContext context) {
      Response answer = context.next(request, expected);
      URI uri = URI.create(request.getURI());
      if (Contract.covers(uri)) {
        Contract.of(uri).check(Exchange.of(request, uri, answer));
      }
      return answer;
    }
  }
}
