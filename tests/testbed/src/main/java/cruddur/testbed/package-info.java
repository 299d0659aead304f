/**
 * What the tests of several modules have in common: calls, cases, random input, TLS, and the
 * emulator's process.
 */
@NullMarked
package cruddur.testbed;

import org.jspecify.annotations.NullMarked;
