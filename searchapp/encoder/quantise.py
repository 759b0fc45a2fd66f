"""Linear layers in the precision asked for."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Precision = Literal["fp32", "int8"]
PRECISIONS: tuple[Precision, ...] = ("fp32", "int8")


def linear_nodes(
    inputs: str, output: str, name: str, weight: NDArray[np.float32], precision: Precision
) -> tuple[list[Any], dict[str, NDArray[Any]]]:
    """Make the nodes of `inputs @ weight.T`."""
    from onnx import helper

    return [helper.make_node("MatMul", [inputs, f"{name}.weight"], [output])], {f"{name}.weight": weight.T}


def scheme(precision: Precision) -> str:
    """The name of how weights are stored, for the fingerprint: changes when the vectors do."""
    return {"fp32": "fp32-1", "int8": "int8-1"}[precision]
