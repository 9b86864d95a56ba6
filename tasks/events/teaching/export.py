"""From a trained network to the files of a model, and back: an int8 ONNX encoder, heads in half precision, labels."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnx.numpy_helper
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
        # Seven bits a weight: with eight, sums overflow on a CPU without VNNI, and results depend on the machine.
        quantize_dynamic(whole, file, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def weights_of(folder: Path) -> dict[str, Tensor]:
    """The weights of a model's files by their names in ``Network``: training goes on from a model that is shipped.

    Those of the encoder are what its int8 numbers stand for, so they differ from what was trained by up to half a step.
    """
    graph = onnx.load(str(folder / "encoder.onnx")).graph
    stored = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    # The plain name of a matrix is lost in the export; its node is still named after the layer.
    named = {_layer(node.name): node.input[1] for node in graph.node if node.op_type == "MatMulInteger"}
    matrices = {f"{layer}.weight": _plain(stored, name.removesuffix("_quantized")).T for layer, name in named.items()}
    tables = {
        name.removesuffix("_quantized"): _plain(stored, name.removesuffix("_quantized"))
        for name in stored
        if name.startswith("encoder.embeddings.") and name.endswith("_quantized")
    }
    vectors = {name: array for name, array in stored.items() if name.startswith("encoder.") and array.ndim == 1}
    encoder = {name.replace("encoder.", "enc.", 1): array for name, array in (matrices | tables | vectors).items()}
    with np.load(folder / "heads.npz") as heads:
        arrays = encoder | {name: heads[name].astype(np.float32) for name in heads.files}
    return {name: torch.from_numpy(np.array(array, dtype=np.float32)) for name, array in arrays.items()}


def _layer(node: str) -> str:
    """The layer of a node: ``encoder.layer.0.output.dense`` of ``/encoder/layer.0/output/dense/MatMul_quant``."""
    return node.strip("/").removesuffix("/MatMul_quant").replace("/", ".")


def _plain(stored: Mapping[str, npt.NDArray[Any]], name: str) -> npt.NDArray[np.float32]:
    """What the int8 numbers of a matrix stand for."""
    steps, zero = stored[f"{name}_scale"], stored[f"{name}_zero_point"]
    out: npt.NDArray[np.float32] = (stored[f"{name}_quantized"].astype(np.float32) - zero) * steps
    return out
