"""The encoder: word pieces in, a vector a piece out. An int8 ONNX graph run on one thread."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from schemas.errors import SeedError
from tasks.events.reader.folder import model_folder, of_the_model
from tasks.events.reader.pieces import CLS, SEP, Pieces

Vectors = npt.NDArray[np.float32]
_FILE = "encoder.onnx"


@of_the_model
@cache
def _session() -> Any:
    """The loaded graph. Raises :class:`SeedError` where it is missing or damaged."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(model_folder() / _FILE), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise SeedError(f"{_FILE}: {error}; make it again with benchmarks/train_reader.py") from error


def encode(pieces: Pieces) -> tuple[Vectors, Vectors]:
    """The vectors of the pieces, and the mean of what the windows are summed up in: (pieces, size) and (size,)."""
    rows, sums = [], []
    skipped = len(pieces.head) + 2
    for first, last in pieces.windows:
        ids = np.array([[CLS, *pieces.head, SEP, *pieces.ids[first:last], SEP]], dtype=np.int64)
        (hidden,) = _session().run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        rows.append(hidden[0, skipped : skipped + last - first])
        sums.append(hidden[0, 0])
    return np.concatenate(rows), np.mean(np.stack(sums), axis=0)
