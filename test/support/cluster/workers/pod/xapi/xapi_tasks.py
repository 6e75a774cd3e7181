import os

from celery import Celery
from pod.waiting import wait

xapi_app = Celery("xapi_tasks", broker=os.environ["BENCH_BROKER"])


@xapi_app.task
def send_xapi_statement_task(statement):
    wait()
