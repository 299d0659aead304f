package cruddur.ingress;

/**
 * One public address, of IPv4 or IPv6.
 *
 * @param text canonical: dotted decimal, or as RFC 5952 has it
 */
record Address(String text) {
  boolean isIpv6() {
    return text.indexOf(':') >= 0;
  }

  /** The block that holds this address alone. */
  String block() {
    return text + (isIpv6() ? "/128" : "/32");
  }
}
