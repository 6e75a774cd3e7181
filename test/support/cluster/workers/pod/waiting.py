import os
import time


def wait():
    """An encoding that takes as long as the test wants."""
    time.sleep(float(os.environ.get("BENCH_JOB_SECONDS", "30")))
