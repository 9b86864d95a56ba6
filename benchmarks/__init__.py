"""What is measured, and beside whom. Small matrices are computed on one thread: more of them wait for each other."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
