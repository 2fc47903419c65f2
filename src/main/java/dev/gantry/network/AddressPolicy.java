package dev.gantry.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Decides whether this server connects to an address that a caller has named. Only public unicast
 * addresses are reached, and what the operator exempts; an IPv6 form that carries an IPv4 address
 * is judged by what it carries, or refused. A name is resolved once and all its addresses are
 * checked: whoever connects does so to one of these, since a second look-up may answer another.
 * Immutable; {@link #check} never blocks, {@link #resolve} may.
 */
public final class AddressPolicy {
  static final String SETTING = "gantry.network.allow";

  private final Exemptions exempt;
  private final Resolver resolver;

  private AddressPolicy(Exemptions exempt, Resolver resolver) {
    this.exempt = exempt;
    this.resolver = resolver;
  }

  /** Looks up all addresses of a host. May block. */
  @FunctionalInterface
  public interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /**
   * @param allow ranges, addresses and host names that are exempt
   * @throws IllegalArgumentException for an entry that is none of these
   */
  public static AddressPolicy of(Collection<String> allow, Resolver resolver) {
    return new AddressPolicy(Exemptions.of(allow), resolver);
  }

  /** The same, and one host more that the operator has named, whatever its addresses are. */
  public AddressPolicy exempting(String host) {
    return new AddressPolicy(exempt.and(normal(host)), resolver);
  }

  /**
   * All addresses of a host, each of which may be connected to. May block for as long as the
   * system's resolver takes.
   *
   * @throws RefusedAddressException when one of them may not
   */
  public List<InetAddress> resolve(String host) throws UnknownHostException {
    List<InetAddress> addresses = List.of(resolver.resolve(host));
    for (InetAddress address : addresses) {
      check(host, address);
    }
    return addresses;
  }

  /** Refuses an address, as it is about to be connected to for {@code host}. */
  public void check(String host, InetAddress address) throws RefusedAddressException {
    InetAddress meant = Ranges.unwrapped(address);
    if (!Ranges.isPublic(meant) && !exempt.host(normal(host)) && !exempt.address(meant)) {
      throw new RefusedAddressException(host, address);
    }
  }

  private static String normal(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
