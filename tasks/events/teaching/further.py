"""The reader taught further: the encoder stays as it is, and its heads go on learning from where they are.

The vectors of an article are computed once, by the encoder in use; what is trained is what is made of them. Our own
articles are shown again beside what is new, so that nothing is forgotten.
"""

import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from tasks.events.reader.encoder import encode
from tasks.events.reader.folder import FILES, model_folder
from tasks.events.reader.heads import weights
from tasks.events.reader.model import Taught, taught
from tasks.events.teaching.examples import Example, example_of, invented
from tasks.events.teaching.learning import Learner, Recipe
from tasks.events.teaching.network import Network

#: Few steps at a low rate: a handful of verdicts moves the heads a little, and hundreds move them further.
FURTHER = Recipe(epochs=4, heads_rate=1e-4, follow=0.02)
#: Our own articles shown again.
REPLAYED = 200


class FurtherNetwork(Network):
    """The heads in use, over vectors that were computed before."""

    def __init__(self, examples: Iterable[Example]) -> None:
        super().__init__(None, len(taught().sub_types), len(taught().statuses))
        self.load_state_dict({name: torch.from_numpy(np.array(held)) for name, held in weights().items()})
        self._vectors = {example.id: _vectors(example) for example in examples}

    def encode(self, example: Example, *, narrow: bool = True) -> tuple[Tensor, Tensor]:
        """The vectors as they were computed; ``narrow`` says nothing here."""
        rows, whole = self._vectors[example.id]
        return self.drop(torch.from_numpy(rows.astype(np.float32))), torch.from_numpy(whole)


def _vectors(example: Example) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.float32]]:
    """The vectors of an article, kept in half precision: hundreds of articles are held at once."""
    rows, whole = encode(example.pieces)
    return rows.astype(np.float16), whole


def replayed(most: int = REPLAYED) -> list[Example]:
    """Some of our own articles, always the same."""
    rows = sorted(invented(held_back=False), key=lambda row: (crc32(row["id"].encode()), row["id"]))
    return [example for row in rows[:most] if (example := example_of(row)) is not None]


def taught_further(examples: Sequence[Example], recipe: Recipe = FURTHER) -> dict[str, Tensor]:
    """The weights of the heads in use after they have learnt from some examples; the same for the same examples."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(recipe.seed)
    try:
        labels = (taught().sub_types, [status.value for status in taught().statuses])
        learner = Learner(FurtherNetwork(examples), labels, recipe, len(examples) * recipe.epochs)
        learner.told_false = True
        learner.learn(examples)
    finally:
        torch.set_num_threads(threads)
    return learner.weights()


def save_further(heads: dict[str, Tensor], name: str, folder: Path) -> None:
    """Write a model into ``folder``: these heads under a name, and all else as the model in use has it."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in FILES:
        if file not in ("heads.npz", "reader.json"):
            shutil.copyfile(model_folder() / file, folder / file)
    np.savez_compressed(folder / "heads.npz", **{key: held.numpy().astype(np.float16) for key, held in heads.items()})
    told = Taught.model_validate(taught().model_dump() | {"name": name})
    text = json.dumps(told.model_dump(mode="json"), indent=2, ensure_ascii=False)
    (folder / "reader.json").write_text(text + "\n", encoding="utf-8")
