"""Print the link with which the first administrator sets a password; print nothing once one is set.

A real installation runs this at each start, in the same process as the safety checks, because each process costs
seconds.
"""

from django.core.management.base import BaseCommand

from shiming.accounts.commands.users import first_administrator
from shiming.accounts.links import address_of
from shiming.core.checks import SAFETY


class Command(BaseCommand):
    help = "Print a one-time link for the first administrator / 首位系统管理员的一次性链接"

    requires_system_checks = (SAFETY,)

    def handle(self, *args, **options):
        found = first_administrator()
        if found is None:
            return
        user, token = found
        self.stdout.write("\nFirst administrator / 首位系统管理员")
        self.stdout.write(f"  user name / 用户名: {user.username}")
        self.stdout.write(
            f"  set a password within 24 hours / 请在 24 小时内打开链接设置密码:\n  {address_of(None, token)}\n"
        )
