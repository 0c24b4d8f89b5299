"""The job of this module."""

from procrastinate.contrib.django import app

from shiming.administration import scheduled_jobs


@app.periodic(cron="45 3 * * *")  # 11:45 in Shanghai
@app.task(queue="nightly", queueing_lock="forget_failed_jobs")
def forget_failed_jobs(timestamp: int) -> None:
    scheduled_jobs.forget_failed()
