"""Who sees accounts and keys, and who may open or close them."""

from django.db.models import Q

from shiming.accounts.models import ApiKey, User
from shiming.core.actor import Actor, Door, Role, system

# Whose work other systems may do for them; each key has the role of its maker.
KEY_MAKERS = (Role.LEGAL_REP, Role.PM, Role.PARTICIPANT_CLERK, Role.IMPLEMENTER)


def visible_to(actor: Actor) -> Q:
    """The administrator sees all accounts, the legal representative those with a post at the firm, others their own."""
    match actor.role:
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case Role.LEGAL_REP:
            return Q(pk__in=User.objects.filter(posts__company=actor.company_id).values("pk"))
        case _:
            return Q(pk=actor.user_id)


def keys_visible_to(actor: Actor) -> Q:
    match actor.role:
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case Role.LEGAL_REP:
            return Q(company=actor.company_id, participation=None)
        case Role.PM:
            return Q(participation=actor.participation_id)
        case Role.PARTICIPANT_CLERK | Role.IMPLEMENTER:
            return Q(user=actor.user_id, company=actor.company_id, role=actor.role)
        case _:
            return Q(pk__in=[])


def may_administer(actor: Actor) -> bool:
    """系统管理员。"""
    return actor.role in (Role.SYS_ADMIN, Role.SYSTEM)


def may_create_accounts(actor: Actor) -> bool:
    """系统管理员或企业法人/证书持有人。"""
    return actor.role in (Role.SYS_ADMIN, Role.LEGAL_REP, Role.SYSTEM)


def may_issue_link(actor: Actor, user: User) -> bool:
    """系统管理员，或为本企业开通该账号的法人；不能为自己开。"""
    if user.pk == actor.user_id or user.person_id:
        return False
    if actor.role in (Role.SYS_ADMIN, Role.SYSTEM):
        return True
    return actor.role is Role.LEGAL_REP and _only_at(user, actor.company_id)


def may_disable(actor: Actor, user: User) -> bool:
    """系统管理员；不能停用自己。"""
    return may_administer(actor) and user.pk != actor.user_id


def may_forget_factors(actor: Actor, user: User) -> bool:
    """系统管理员；不能清除自己的。"""
    return may_administer(actor) and user.pk != actor.user_id


def may_make_keys(actor: Actor) -> bool:
    """企业法人/证书持有人为本企业，项目经理为本工地，参建单位经办与实施单位审核员为自己经手的事。"""
    return actor.role in KEY_MAKERS


def may_revoke_key(actor: Actor, key: ApiKey) -> bool:
    """建立密钥的人、其企业法人、该工地项目经理，或系统管理员。"""
    if actor.role is Role.SYS_ADMIN:
        return True
    if actor.role is Role.LEGAL_REP:
        return key.company_id == actor.company_id and key.participation_id is None
    if actor.role is Role.PM:
        return key.participation_id == actor.participation_id
    own = key.user_id == actor.user_id and key.company_id == actor.company_id
    return actor.role in KEY_MAKERS and own and key.role == actor.role


def installer() -> Actor:
    """The actor with a shell on the server, who creates the first administrator."""
    return system("安装程序")


def owner(user: User) -> Actor:
    """The owner of an account acting without a hat: through a link, or with a certificate."""
    return Actor(role=Role.SYSTEM, door=Door.ADMIN, name=user.name, user_id=user.pk)


def _only_at(user: User, company_id) -> bool:
    """A firm may not take over an account that also serves another firm, a station or the platform."""
    open_posts = [post for post in user.posts.all() if post.until is None]  # prefetched in a list of accounts
    elsewhere = user.is_admin or any(post.until is None for post in user.regulator_posts.all())
    firms = {post.company_id for post in open_posts}
    legal = any(post.role == Role.LEGAL_REP for post in open_posts)
    return not elsewhere and not legal and firms <= {company_id}
