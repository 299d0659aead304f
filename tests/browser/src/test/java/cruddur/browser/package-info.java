/** Tests of the home page in Chromium, on the emulator. Never shipped. */
@NullMarked
package cruddur.browser;

import org.jspecify.annotations.NullMarked;
