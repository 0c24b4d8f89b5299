"""The accounts app: users, sessions, second factors, API keys."""

from django.apps import AppConfig

from shiming.core.actor import Door, Role

FIRM_KEYS = [Role.LEGAL_REP, Role.PARTICIPANT_CLERK, Role.IMPLEMENTER]
MENU = (
    (Door.COMPANY, [Role.LEGAL_REP], "设置", "企业账号", "staff-list", "user-cog", 910),
    (Door.COMPANY, FIRM_KEYS, "设置", "接口密钥", "key-list", "plug", 920),
    (Door.SITE, [Role.PM], "设置", "接口密钥", "key-list", "plug", 920),
    (Door.ADMIN, [Role.SYS_ADMIN], "登记", "账号", "account-list", "users", 60),
    (Door.ADMIN, [Role.SYS_ADMIN], "运行", "接口密钥", "key-list", "plug", 75),
    (
        Door.COMPANY,
        [Role.LEGAL_REP, Role.HR_OFFICER, Role.IMPLEMENTER, Role.PARTICIPANT_CLERK],
        "设置",
        "我的账号",
        "account",
        "lock",
        990,
    ),
    (Door.OVERSIGHT, [Role.REGULATOR], "设置", "我的账号", "account", "lock", 990),
    (Door.ADMIN, [Role.SYS_ADMIN], "设置", "我的账号", "account", "lock", 990),
)


class AccountsConfig(AppConfig):
    name = "shiming.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self):
        from shiming.accounts import revocation  # noqa: F401  registers the handlers of its events
        from shiming.web import menu

        for door, roles, group, label, url_name, icon, order in MENU:
            menu.add(door=door, roles=roles, group=group, label=label, url_name=url_name, icon=icon, order=order)
