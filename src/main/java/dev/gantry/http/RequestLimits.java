package dev.gantry.http;

import dev.gantry.http.Caller.Role;
import dev.gantry.http.limits.LimitsConfig;
import dev.gantry.http.limits.RateLimits;
import dev.gantry.http.limits.Standing;
import dev.gantry.http.limits.Subject;
import dev.gantry.platform.Durations;
import io.netty.util.NetUtil;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Counts every request before anything is done for it: on its key when that is valid, on the
 * webhook that it is sent to, else on the address it comes from. It stands before all routes, so
 * that each answer has the headers, whoever writes it. Event loop, never blocks.
 */
@ApplicationScoped
class RequestLimits {
  private static final int AFTER_REQUEST_IDS = Integer.MIN_VALUE + 2;
  private static final String BEARER = "Bearer ";
  private static final int NETWORK_BYTES = 8;

  private final RateLimits limits;
  private final LimitsConfig config;
  private final ApiKeys keys;
  private final HookTokens hooks;
  private final ErrorAnswers errors;

  RequestLimits(
      RateLimits limits, LimitsConfig config, ApiKeys keys, HookTokens hooks, ErrorAnswers errors) {
    this.limits = limits;
    this.config = config;
    this.keys = keys;
    this.hooks = hooks;
    this.errors = errors;
  }

  void register(@Observes Router router) {
    if (config.enabled()) {
      router.route().order(AFTER_REQUEST_IDS).handler(this::handle);
    }
  }

  private void handle(RoutingContext context) {
    if (isFree(context.normalizedPath())) {
      context.next();
      return;
    }
    subject(context)
        .chain(s -> s.map(limits::take).orElse(Uni.createFrom().nullItem()))
        .subscribe()
        .with(standing -> go(context, standing), context::fail);
  }

  private static boolean isFree(String path) {
    return path.startsWith("/q/")
        || path.equals("/q")
        || path.equals(ApiDocument.DOCUMENT)
        || path.equals(ApiDocument.PAGE)
        || path.startsWith(ApiDocument.PAGE + "/");
  }

  private void go(RoutingContext context, Standing standing) {
    if (standing == null) {
      context.next();
      return;
    }
    standing.headers().forEach(context.response()::putHeader);
    if (standing.admitted()) {
      context.next();
    } else {
      errors.answer(context, exceeded(standing));
    }
  }

  private static ApiException exceeded(Standing standing) {
    Subject subject = standing.subject();
    String window = Durations.format(subject.window());
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("per", subject.kind());
    details.put("limit", subject.requests());
    details.put("window", window);
    details.put(ErrorAnswers.RETRY_AFTER_SECONDS, standing.secondsLeft());
    return new ApiException(
        ErrorCode.RATE_LIMIT_EXCEEDED,
        "One %s may make %d requests in %s; try again in %d s"
            .formatted(subject.kind(), subject.requests(), window, standing.secondsLeft()),
        details);
  }

  /** Empty when there is no limit. Whether a key is valid is remembered for who asks next. */
  private Uni<Optional<Subject>> subject(RoutingContext context) {
    Optional<String> hook =
        OpenRoutes.hookToken(context.request().method().name(), context.request().path());
    return hook.isPresent() ? ofHook(context, hook.get()) : ofKey(context);
  }

  private Uni<Optional<Subject>> ofHook(RoutingContext context, String token) {
    return hooks
        .find(token)
        .map(found -> found.map(this::hook).orElseGet(() -> address(context)))
        .onFailure()
        .recoverWithItem(Optional.empty());
  }

  private Uni<Optional<Subject>> ofKey(RoutingContext context) {
    String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Uni.createFrom().item(address(context));
    }
    return keys.find(header.substring(BEARER.length()).trim())
        .map(found -> found.map(this::key).orElseGet(() -> address(context)))
        .onFailure()
        .recoverWithItem(Optional.empty());
  }

  /** A runner asks as often as it starts steps, which is limited elsewhere. */
  private Optional<Subject> key(CallerKey key) {
    return key.role() == Role.RUNNER
        ? Optional.empty()
        : subject("key:" + key.id(), "default", "API key", config.requestsPerKey());
  }

  private Optional<Subject> hook(UUID id) {
    return subject("hook:" + id, "webhook", "webhook", config.requestsPerWebhook());
  }

  private Optional<Subject> address(RoutingContext context) {
    SocketAddress address = context.request().remoteAddress();
    String host = address == null ? "" : String.valueOf(address.hostAddress());
    return subject("address:" + network(host), "address", "address", config.requestsPerAddress());
  }

  private Optional<Subject> subject(String id, String policy, String kind, int requests) {
    return requests == 0
        ? Optional.empty()
        : Optional.of(new Subject(id, policy, kind, requests, config.window()));
  }

  /** Of an IPv6 address its network: who has one has all its addresses. */
  static String network(String host) {
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), NETWORK_BYTES)) + "/64"
        : host;
  }
}
