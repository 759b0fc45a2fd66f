"""Average a trained model's weights with the base model's.

In: a model in memory, the base's folder, the trained share. Out: the model, changed in place. Between
the two, what training gave is kept longer than what it cost. Source: Wortsman et al., Robust
fine-tuning of zero-shot models, CVPR 2022 (WiSE-FT).
"""

from pathlib import Path
from typing import Any

from searchapp.errors import InputError


def blend_with_base(model: Any, base: Path, share: float) -> None:
    """Set each weight to base + share * (trained - base).

    Args:
        model: A SentenceTransformer that was trained from `base`.
        base: The base model's folder, its weights in safetensors.
        share: In (0, 1]; 1 leaves the model as it is.

    Raises:
        InputError: A share out of that range.
    """
    if not 0 < share <= 1:
        raise InputError(f"a blend of {share} is not in (0, 1]")
    if share == 1:
        return
    import torch
    from safetensors.torch import load_file

    before = load_file(base / "model.safetensors")
    with torch.no_grad():
        for name, weight in model[0].auto_model.named_parameters():
            weight.copy_(torch.lerp(before[name], weight, share))
