"""Every night: forget what workers typed once its time has come (domain.md §7.10)."""

from procrastinate.contrib.django import app

from shiming.binding.self_forms import commands
from shiming.core.actor import system


@app.periodic(cron="30 17 * * *")  # 01:30 in Shanghai
@app.task(queue="nightly", queueing_lock="self-forms")
def forget_old_self_forms(timestamp: int) -> None:
    commands.forget_old(by=system("保存期限"))
