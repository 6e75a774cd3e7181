import os
import time

import kombu

# What `inspect report` tells; the protocol is that of the real one.
kombu.__version__ = os.environ.get("BENCH_KOMBU", kombu.__version__)


def wait():
    """An encoding that takes as long as the test wants."""
    time.sleep(float(os.environ.get("BENCH_JOB_SECONDS", "30")))
