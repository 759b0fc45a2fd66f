"""Linear layers in the precision asked for.

`int8` stores weights in 8 bits with a scale for each block of inputs, and quantises what flows in by block
too (MatMulNBits, computed in int8), so an outlier in one text does not coarsen the vectors of the texts
beside it, as it would with one scale for a whole batch.
Source of the operator: onnxruntime, com.microsoft.MatMulNBits.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Precision = Literal["fp32", "int8"]
PRECISIONS: tuple[Precision, ...] = ("fp32", "int8")
BLOCKS = (128, 64, 32)  # inputs that share a scale; 128 encodes 1.22 times as fast as 32 (AVX-512 VNNI)
LEVELS, ZERO = 127, 128
INT8_COMPUTE = 4  # accuracy_level of MatMulNBits


def linear_nodes(
    inputs: str, output: str, name: str, weight: NDArray[np.float32], precision: Precision
) -> tuple[list[Any], dict[str, NDArray[Any]]]:
    """Make the nodes and constants of `inputs @ weight.T`.

    Args:
        inputs: Name of (..., width_in).
        output: Name of the result (..., width_out).
        name: Prefix of the constants' names.
        weight: (width_out, width_in).
        precision: A layer whose width no block divides stays in fp32.
    """
    from onnx import helper

    width_out, width_in = weight.shape
    block = next((size for size in BLOCKS if width_in % size == 0), 0)
    if precision == "fp32" or not block:
        return [helper.make_node("MatMul", [inputs, f"{name}.weight"], [output])], {
            f"{name}.weight": weight.T
        }
    blocks = weight.reshape(width_out, width_in // block, block)
    scale = np.maximum(np.abs(blocks).max(axis=2) / LEVELS, np.float32(1e-12))  # (out, blocks)
    codes = np.clip(np.round(blocks / scale[..., None]) + ZERO, 0, 255).astype(np.uint8)
    node = helper.make_node(
        "MatMulNBits",
        [inputs, f"{name}.codes", f"{name}.scale"],
        [output],
        domain="com.microsoft",
        K=width_in,
        N=width_out,
        bits=8,
        block_size=block,
        accuracy_level=INT8_COMPUTE,
    )
    return [node], {f"{name}.codes": codes, f"{name}.scale": scale.astype(np.float32)}


def scheme(precision: Precision) -> str:
    """The name of how weights are stored, for the fingerprint: changes when the vectors do."""
    return {"fp32": "fp32-1", "int8": "int8-2"}[precision]
