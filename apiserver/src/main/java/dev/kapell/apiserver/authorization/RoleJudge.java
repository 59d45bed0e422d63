package dev.kapell.apiserver.authorization;

import dev.kapell.apiserver.request.User;

/** Decides by roles and their bindings. */
public final class RoleJudge implements Judge {
  private final RoleCache roles;

  /** With the roles as {@code roles} sees them. */
  public RoleJudge(RoleCache roles) {
    this.roles = roles;
  }

  @Override
  public Decision decide(User user, Action action) {
    return roles
        .grants()
        .allowing(user, action)
        .map(grant -> Decision.allow("RBAC: allowed by " + grant))
        .orElseGet(() -> Decision.noOpinion(""));
  }
}
