"""The schedule and the worker's settings."""

from bti_portal.celery import HARD_LIMIT, SCHEDULE, app, transport_options


def test_every_entry_of_the_schedule_has_its_task():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in SCHEDULE.values()} - set(app.tasks) == set()


def test_runs_that_waited_until_the_next_one_are_dropped():
    assert [name for name, entry in SCHEDULE.items() if entry["options"]["expires"] >= entry["schedule"]] == []


def test_a_killed_worker_loses_no_job():
    conf = app.conf

    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.worker_prefetch_multiplier) == (True, True, 1)


def test_redis_gives_a_job_to_another_worker_only_after_its_time_limit(tmp_path):
    assert transport_options("redis://localhost/0", tmp_path)["visibility_timeout"] > HARD_LIMIT


def test_filesystem_broker_gets_its_folders(tmp_path):
    options = transport_options("filesystem://", tmp_path / "celery")

    assert {path.name for path in (tmp_path / "celery").iterdir()} == {"messages", "control"}
    assert options["data_folder_in"] == options["data_folder_out"]
