"""Write the ONNX graph of a BERT cross-encoder, straight from its safetensors.

In: a folder of BERT with a pooler and a classifier of one label. Out: an ONNX model from a query and a text,
as one sequence of tokens, to one value. The layers are those of the sentence encoder.
"""

from typing import TYPE_CHECKING

import numpy as np

from searchapp.encoder.folder import ModelFolder
from searchapp.encoder.graph import INPUT_IDS, LENGTHS, MICROSOFT, OPSET, GraphWriter, open_weights

if TYPE_CHECKING:
    import onnx

TYPE_IDS, LOGITS = "token_type_ids", "logits"


def write_cross_graph(folder: ModelFolder) -> "onnx.ModelProto":
    """Make the graph, weights inside.

    Returns:
        A model with inputs `input_ids` and `token_type_ids` (batch, tokens) int32, padded at the right, and
        `lengths` (batch,) int32; output `logits` (batch, 1) float32.

    Raises:
        ModelInvalidError: A tensor is missing or of another shape, as with more than one label.
    """
    from onnx import TensorProto, helper

    with open_weights(folder) as weights:
        writer = _CrossWriter(folder, "fp32", weights)
        writer.write()
    tokens = ["batch", "tokens"]
    graph = helper.make_graph(
        writer.nodes,
        "cross-encoder",
        [
            helper.make_tensor_value_info(INPUT_IDS, TensorProto.INT32, tokens),
            helper.make_tensor_value_info(TYPE_IDS, TensorProto.INT32, tokens),
            helper.make_tensor_value_info(LENGTHS, TensorProto.INT32, ["batch"]),
        ],
        [helper.make_tensor_value_info(LOGITS, TensorProto.FLOAT, ["batch", 1])],
        writer.initializers,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="searchapp")


class _CrossWriter(GraphWriter):
    """As the sentence encoder's, but the two texts differ in type, and the first token speaks for both."""

    def embeddings(self) -> str:
        """Word + position + type, then LayerNorm: (b, t) -> (b, t, width)."""
        folder, width = self.folder, self.folder.width
        sizes = {"word": folder.vocabulary, "position": folder.positions, "token_type": folder.token_types}
        words, places, types = (
            self.constant(name, self.weights.get(f"embeddings.{name}_embeddings.weight", (size, width)))
            for name, size in sizes.items()
        )
        inputs = [INPUT_IDS, TYPE_IDS, words, places, types, *self.norm("embeddings.LayerNorm")]
        return self.node(
            "EmbedLayerNormalization",
            inputs,
            ["embedded", "unused_mask"],
            domain=MICROSOFT,
            epsilon=folder.epsilon,
        )

    def pool(self, hidden: str) -> None:
        """The first token's state through the pooler and the classifier: (b, t, width) -> (b, 1)."""
        width = self.folder.width
        place = self.constant("first", np.array([0], np.int64))
        axis = self.constant("token_axis", np.array([1], np.int64))
        row = self.node("Gather", [hidden, place], ["first_row"], axis=1)  # (b, 1, width)
        first = self.node("Squeeze", [row, axis], ["first_state"])  # (b, width)
        pooled = self.node("Tanh", [self.dense(first, "pooler.dense", width)], ["pooled"])
        self.node("Identity", [self.dense(pooled, "classifier", 1)], [LOGITS])

    def dense(self, inputs: str, name: str, width_out: int) -> str:
        """A matrix product with its bias."""
        weight = self.constant(
            f"{name}.weight", self.weights.get(f"{name}.weight", (width_out, self.folder.width))
        )
        bias = self.constant(f"{name}.bias", self.weights.get(f"{name}.bias", (width_out,)))
        return self.node("Gemm", [inputs, weight, bias], [f"{name}.out"], transB=1)
