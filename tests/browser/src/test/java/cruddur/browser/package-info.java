/**
 * Goes through the page as a person does: in Chromium, on all of what {@code bin/local} runs. Never
 * shipped.
 */
@NullMarked
package cruddur.browser;

import org.jspecify.annotations.NullMarked;
