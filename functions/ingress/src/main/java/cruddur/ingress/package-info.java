/** Opens the database's security group to developers' workspaces, and closes it again. */
@NullMarked
package cruddur.ingress;

import org.jspecify.annotations.NullMarked;
