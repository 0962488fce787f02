"""Starts each pipeline of conf/base/airflow.yml when it is due, for those who have no Airflow.

One after the other; of what was missed meanwhile only the latest is made up for.
"""

import subprocess
from pathlib import Path

import yaml
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

HERE = Path(__file__).parent


def make_scheduler(conf: Path) -> BlockingScheduler:
    """Make a scheduler with a job for each pipeline.

    Args:
        conf: The schedules, as Airflow is given them.

    Returns:
        The scheduler, not started.
    """
    scheduler = BlockingScheduler(
        timezone="UTC",
        executors={"default": {"type": "threadpool", "max_workers": 1}},
        job_defaults={"coalesce": True, "misfire_grace_time": None},
    )
    for pipeline, entry in yaml.safe_load(conf.read_text()).items():
        if "schedule" in entry:
            due = CronTrigger.from_crontab(entry["schedule"], timezone="UTC")
            scheduler.add_job(run, due, [pipeline], id=pipeline)
    return scheduler


def run(pipeline: str) -> None:
    """Run a pipeline for this moment; what it prints goes to the log, and so does how it ends."""
    subprocess.run([HERE / "run_scheduled.sh", pipeline], check=True)  # noqa: S603


if __name__ == "__main__":
    make_scheduler(HERE.parent / "conf/base/airflow.yml").start()
