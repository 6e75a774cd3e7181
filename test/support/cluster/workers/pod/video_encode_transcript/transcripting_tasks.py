import os

from celery import Celery
from pod.waiting import wait

transcripting_app = Celery("transcripting_tasks", broker=os.environ["BENCH_BROKER"])


@transcripting_app.task
def start_transcripting_task(video_id, mp3filepath, duration, lang):
    wait()
