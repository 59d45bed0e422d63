/**
 * Who may do what: role-based access control.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.authorization.Authorizer}. Roles and bindings are kept
 * in {@link dev.kapell.apiserver.authorization.RoleCache}, whose watching threads own its maps; a
 * decision reads one immutable {@link dev.kapell.apiserver.authorization.Grants}.
 */
@NullMarked
package dev.kapell.apiserver.authorization;

import org.jspecify.annotations.NullMarked;
