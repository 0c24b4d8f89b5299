"""监管里自己会发生的事：问题项目隔几分钟核对一遍。"""

from procrastinate.contrib.django import app

from shiming.oversight import commands


@app.periodic(cron="*/5 * * * *")
@app.task(queue="nightly", queueing_lock="oversight.troubles")
def count_troubles(timestamp: int) -> None:
    """Runs every five minutes."""
    commands.count_troubles()
