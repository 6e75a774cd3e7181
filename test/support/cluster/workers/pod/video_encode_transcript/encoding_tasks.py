import os

from celery import Celery
from pod.waiting import wait

encoding_app = Celery("encoding_tasks", broker=os.environ["BENCH_BROKER"])
encoding_app.conf.task_routes = {"pod.video_encode_transcript.encoding_tasks.*": {"queue": "encoding"}}


@encoding_app.task
def start_encoding_task(video_id, video_path, cut_start, cut_end, json_dressing=None, dressing_input=""):
    wait()


@encoding_app.task
def start_studio_task(recording_id, video_output, videos, subtime, presenter):
    wait()
