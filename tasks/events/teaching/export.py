"""From a trained network to the files of a model: an int8 ONNX encoder, the heads in half precision, labels."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from tasks.events.reader.model import Taught
from tasks.events.teaching.network import Network


class _Encoder(nn.Module):  # type: ignore[misc,unused-ignore]
    """The encoder alone, as the graph takes it: numbers of pieces and a mask in, vectors out."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        out: Tensor = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return out


def export(network: Network, weights: Mapping[str, Tensor], tokenizer: Path, taught: Taught, folder: Path) -> None:
    """Write a model into ``folder``: ``encoder.onnx``, ``heads.npz``, ``tokenizer.json``, ``reader.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    network.load_state_dict(dict(weights))
    network.eval()
    _encoder(network, folder / "encoder.onnx")
    # Half precision halves the file; what it changes is far below what int8 changes in the encoder.
    heads = {name: w.numpy().astype(np.float16) for name, w in weights.items() if not name.startswith("enc.")}
    np.savez_compressed(folder / "heads.npz", **heads)
    if tokenizer.resolve() != (folder / "tokenizer.json").resolve():
        shutil.copyfile(tokenizer, folder / "tokenizer.json")
    text = json.dumps(taught.model_dump(mode="json"), indent=2, ensure_ascii=False)
    (folder / "reader.json").write_text(text + "\n", encoding="utf-8")


def _encoder(network: Network, file: Path) -> None:
    # Attention as plain products: the runtime takes twice as long for what torch's own attention is exported to.
    network.enc.set_attn_implementation("eager")
    with TemporaryDirectory() as held:
        whole = Path(held) / "whole.onnx"
        ids = torch.ones(1, 16, dtype=torch.long)
        torch.onnx.export(
            _Encoder(network.enc), (ids, ids), str(whole), input_names=["input_ids", "attention_mask"],
            output_names=["vectors"], dynamic_axes={"input_ids": {1: "pieces"}, "attention_mask": {1: "pieces"}},
            opset_version=17, dynamo=False,
        )  # fmt: skip
        onnx.checker.check_model(str(whole))
        quantize_dynamic(whole, file, weight_type=QuantType.QInt8, per_channel=True)
