"""App configuration of the companies module."""

from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "shiming.companies"
    label = "companies"
    verbose_name = "企业"

    def ready(self):
        from shiming.companies import sheets  # noqa: F401
        from shiming.core.actor import COMPANY_ROLES, Door, Role
        from shiming.web import menu

        company = (*COMPANY_ROLES, Role.IMPLEMENTER, Role.PARTICIPANT_CLERK)
        menu.add(
            door=Door.COMPANY, roles=company, group="", label="首页", url_name="home-company", icon="home", order=1
        )
        menu.add(
            door=Door.COMPANY,
            roles=company,
            group="企业管理",
            label="企业基本信息",
            url_name="company-own",
            icon="building",
            order=16,
        )
        menu.add(
            door=Door.ADMIN,
            roles=[Role.SYS_ADMIN],
            group="登记",
            label="企业",
            url_name="company-list",
            icon="building",
            order=10,
        )
