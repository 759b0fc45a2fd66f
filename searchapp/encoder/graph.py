"""Write the ONNX graph of a BERT sentence encoder, straight from its safetensors.

In: a `ModelFolder`. Out: an ONNX model from (input_ids, lengths) to unit vectors. No torch, no tracing.
Operators are the fused ones of onnxruntime (com.microsoft), so that no optimiser has to run at load:
EmbedLayerNormalization, Attention, SkipLayerNormalization, BiasGelu (exact, by erf).
Source of the network: Devlin et al., NAACL 2019; mean pooling: Reimers and Gurevych, EMNLP 2019.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from searchapp.encoder.folder import ModelFolder
from searchapp.encoder.quantise import Precision, linear_nodes
from searchapp.errors import ModelInvalidError

if TYPE_CHECKING:
    import onnx

Array = NDArray[Any]
OPSET = 17
MICROSOFT = "com.microsoft"
GRAPH_VERSION = 1
INPUT_IDS, LENGTHS, OUTPUT, TOKENS = "input_ids", "lengths", "vectors", "tokens_out"


def write_graph(folder: ModelFolder, precision: Precision, *, tokens: bool = False) -> "onnx.ModelProto":
    """Make the graph of an encoder, weights inside.

    Args:
        folder: A folder that `read_folder` accepted.
        precision: `int8` stores the weights of the linear layers in 8 bits.
        tokens: Give also `tokens_out` (batch, tokens, width): what is averaged to a vector.

    Returns:
        A model with inputs `input_ids` (batch, tokens) int32, padded at the right, and `lengths` (batch,)
        int32, the tokens of each row; output `vectors` (batch, width) float32 of norm 1.

    Raises:
        ModelInvalidError: A tensor is missing, of another shape than the configuration says, or not float.
    """
    from onnx import TensorProto, helper

    with open_weights(folder) as weights:
        writer = GraphWriter(folder, precision, weights)
        writer.write()
    outputs = [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["batch", folder.width])]
    if tokens:
        writer.node("Identity", [writer.hidden], [TOKENS])
        shape = ["batch", "tokens", folder.width]
        outputs.append(helper.make_tensor_value_info(TOKENS, TensorProto.FLOAT, shape))
    graph = helper.make_graph(
        writer.nodes,
        "sentence-encoder",
        [
            helper.make_tensor_value_info(INPUT_IDS, TensorProto.INT32, ["batch", "tokens"]),
            helper.make_tensor_value_info(LENGTHS, TensorProto.INT32, ["batch"]),
        ],
        outputs,
        writer.initializers,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="searchapp")


class GraphWriter:
    """The nodes and weights of one graph as they are added, from the tokens up."""

    def __init__(self, folder: ModelFolder, precision: Precision, weights: "_Weights") -> None:
        self.folder = folder
        self.precision = precision
        self.weights = weights
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []
        self.hidden = ""  # name of the last layer's output

    def write(self) -> None:
        """Add the whole network."""
        hidden = self.embeddings()
        for layer in range(self.folder.layers):
            hidden = self.layer(hidden, layer)
        self.hidden = hidden
        self.pool(hidden)

    def embeddings(self) -> str:
        """Word + position + the one token type, then LayerNorm: (b, t) -> (b, t, width)."""
        folder, width = self.folder, self.folder.width
        words = self.weights.get("embeddings.word_embeddings.weight", (folder.vocabulary, width))
        places = self.weights.get("embeddings.position_embeddings.weight", (folder.positions, width))
        types = self.weights.get("embeddings.token_type_embeddings.weight", (folder.token_types, width))
        self.constant("words", words)
        self.constant("places", places + types[0])  # every token is of type 0: folded in
        norm = self.norm("embeddings.LayerNorm")
        self.node(
            "EmbedLayerNormalization",
            [INPUT_IDS, "", "words", "places", "", *norm],
            ["embedded", "unused_mask"],
            domain=MICROSOFT,
            epsilon=folder.epsilon,
        )
        return "embedded"

    def layer(self, hidden: str, number: int) -> str:
        """One transformer layer: (b, t, width) -> (b, t, width)."""
        width, inner = self.folder.width, self.folder.inner_width
        name = f"encoder.layer.{number}"
        context = self.attention(hidden, name)
        projected = self.linear(context, f"{name}.attention.output.dense", width, width)
        hidden = self.add_norm(projected, hidden, f"{name}.attention.output")
        raised = self.linear(hidden, f"{name}.intermediate.dense", width, inner)
        bias = self.constant(
            f"{name}.intermediate.bias", self.weights.get(f"{name}.intermediate.dense.bias", (inner,))
        )
        active = self.node("BiasGelu", [raised, bias], [f"{name}.gelu"], domain=MICROSOFT)
        lowered = self.linear(active, f"{name}.output.dense", inner, width)
        return self.add_norm(lowered, hidden, f"{name}.output")

    def attention(self, hidden: str, name: str) -> str:
        """Scaled dot-product attention over all heads; `lengths` masks the padding."""
        width = self.folder.width
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        weight = np.concatenate([self.weights.get(f"{part}.weight", (width, width)) for part in parts])
        bias = np.concatenate([self.weights.get(f"{part}.bias", (width,)) for part in parts])
        bias_name = self.constant(f"{name}.qkv.bias", bias)
        output = f"{name}.context"
        heads = self.folder.heads
        if self.precision == "fp32":
            weight_name = self.constant(f"{name}.qkv.weight", weight.T)  # (width, 3 width)
            fused = [hidden, weight_name, bias_name, LENGTHS]
            return self.node("Attention", fused, [output], domain=MICROSOFT, num_heads=heads)
        product = f"{name}.qkv.product"  # (b, t, 3 width)
        nodes, constants = linear_nodes(hidden, product, f"{name}.qkv", weight, self.precision)
        self.nodes += nodes
        for key, value in constants.items():
            self.constant(key, value)
        split = [f"{name}.{part}" for part in ("q", "k", "v")]
        self.node("Split", [product], split, axis=2)
        inputs = [*split, bias_name, LENGTHS]
        return self.node("MultiHeadAttention", inputs, [output], domain=MICROSOFT, num_heads=heads)

    def linear(self, inputs: str, name: str, width_in: int, width_out: int) -> str:
        """A matrix product without its bias, which the next operator adds."""
        weight = self.weights.get(f"{name}.weight", (width_out, width_in))
        nodes, constants = linear_nodes(inputs, f"{name}.product", name, weight, self.precision)
        self.nodes += nodes
        for key, value in constants.items():
            self.constant(key, value)
        return f"{name}.product"

    def add_norm(self, branch: str, trunk: str, name: str) -> str:
        """LayerNorm(branch + bias + trunk)."""
        bias = self.constant(f"{name}.bias", self.weights.get(f"{name}.dense.bias", (self.folder.width,)))
        return self.node(
            "SkipLayerNormalization",
            [branch, trunk, *self.norm(f"{name}.LayerNorm"), bias],
            [f"{name}.normed"],
            domain=MICROSOFT,
            epsilon=self.folder.epsilon,
        )

    def pool(self, hidden: str) -> None:
        """Mean over the tokens that are not padding, then norm 1.

        The sum is enough: dividing by the count does not change the direction.
        """
        self.constant("zero", np.array(0, dtype=np.int32))
        self.constant("one", np.array(1, dtype=np.int32))
        self.constant("last_axis", np.array([1], dtype=np.int64))
        self.constant("middle_axis", np.array([1], dtype=np.int64))
        self.constant("floor", np.array(1e-12, dtype=np.float32))
        shape = self.node("Shape", [INPUT_IDS], ["shape"], start=1, end=2)  # (1,): tokens
        scalar = self.node("Squeeze", [shape], ["tokens"])
        tokens = self.node("Cast", [scalar], ["tokens32"], to=6)
        places = self.node("Range", ["zero", tokens, "one"], ["range"])  # (t,)
        column = self.node("Unsqueeze", [LENGTHS, "last_axis"], ["column"])  # (b, 1)
        inside = self.node("Less", [places, column], ["inside"])  # (b, t)
        mask = self.node("Cast", [inside], ["mask"], to=1)
        row = self.node("Unsqueeze", [mask, "middle_axis"], ["row"])  # (b, 1, t)
        total = self.node("MatMul", [row, hidden], ["total"])  # (b, 1, t) @ (b, t, d) -> (b, 1, d)
        flat = self.node("Squeeze", [total, "middle_axis"], ["flat"])  # (b, d)
        length = self.node("ReduceL2", [flat], ["length"], axes=[1], keepdims=1)
        safe = self.node("Max", [length, "floor"], ["safe_length"])
        self.node("Div", [flat, safe], [OUTPUT])

    def norm(self, name: str) -> list[str]:
        """Gain and offset of a LayerNorm."""
        width = self.folder.width
        return [
            self.constant(f"{name}.{part}", self.weights.get(f"{name}.{part}", (width,)))
            for part in ("weight", "bias")
        ]

    def node(
        self, operator: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes: Any
    ) -> str:
        """Add an operator; give the name of its first output."""
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, outputs, domain=domain, **attributes))
        return outputs[0]

    def constant(self, name: str, value: Array) -> str:
        """Add a weight; give its name."""
        from onnx import numpy_helper

        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name


class _Weights:
    """The tensors of a safetensors file, by name, each checked before it is read."""

    def __init__(self, file: Any, path: str) -> None:
        self.file = file
        self.path = path
        names = set(file.keys())
        self.prefix = "bert." if any(name.startswith("bert.embeddings.") for name in names) else ""
        self.names = names

    def get(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Read one tensor of that shape as float32."""
        full = name if name.startswith("classifier.") else self.prefix + name
        if full not in self.names:
            raise ModelInvalidError(f"{self.path}: no tensor {full}")
        part = self.file.get_slice(full)
        found, kind = tuple(part.get_shape()), part.get_dtype()
        if found != shape:
            raise ModelInvalidError(f"{self.path}: {full} is {found}, config.json says {shape}")
        if kind not in ("F32", "F16"):
            raise ModelInvalidError(
                f"{self.path}: {full} is stored as {kind}", hint="supported: float32 and float16"
            )
        return np.asarray(self.file.get_tensor(full), dtype=np.float32)


@contextmanager
def open_weights(folder: ModelFolder) -> Iterator[_Weights]:
    """Open the file; its header is checked against its size by the safetensors library."""
    from safetensors import SafetensorError, safe_open

    try:
        file = safe_open(str(folder.weights), framework="numpy")
    except (SafetensorError, OSError) as error:
        raise ModelInvalidError(f"{folder.weights}: unreadable ({error})") from error
    with file as opened:
        yield _Weights(opened, str(folder.weights))
