/** What the tests of several modules have in common: a Lambda call, cases, random input. */
@NullMarked
package cruddur.testbed;

import org.jspecify.annotations.NullMarked;
