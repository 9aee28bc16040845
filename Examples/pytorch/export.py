"""Write a PyTorch stack of Conv1d layers as Pare's model.json.

    from export import export
    export(stack, "model.json", look_ahead=2, skip=True)

`stack` is an `nn.Sequential` of `nn.Conv1d` layers with an activation between them: `nn.ReLU`, `nn.LeakyReLU` with a
power-of-two slope, `nn.Hardtanh(-1, 1)` or `nn.Tanh`, everywhere the same. Convolutions have one kernel size, stride 1 and
one group; their padding is ignored, because Pare streams: before the first sample every layer's past is zero. `branch` may be
one more `nn.Conv1d` without bias, from the signal straight to the output.

`pare apply model.json`, `pare compile model.json` and all that follows take the file: weights stay floats, and the integers
are those of the format <16,6> until `pare` is told otherwise. docs/model-format.md describes the file.

`python export.py FOLDER` writes three examples with inputs and PyTorch's own outputs; Pare's tests keep such a set.
"""

import json
import math
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional


def export(stack, path, *, look_ahead=0, skip=False, branch=None, branch_look_ahead=0):
    """Write `stack` (and `branch`) as model.json.

    look_ahead: samples of the future that an output of the stack sees.
    skip: whether the signal is added to the output.
    branch_look_ahead: the same for the branch.
    Raises ValueError, naming the layer, for anything that Pare's networks cannot hold.
    """
    convolutions = [layer for layer in stack if isinstance(layer, nn.Conv1d)]
    architecture = {
        "inputChannels": convolutions[0].in_channels,
        "hiddenChannels": [layer.out_channels for layer in convolutions[:-1]],
        "outputChannels": convolutions[-1].out_channels,
        "kernelSize": convolutions[0].kernel_size[0],
        "dilations": [layer.dilation[0] for layer in convolutions],
        "activation": _activation(stack),
        "lookAhead": look_ahead,
        "hasSkip": skip,
        "hasBiases": any(layer.bias is not None for layer in convolutions),
    }
    layers = []
    for position, layer in enumerate(convolutions):
        _check(layer, f"convolution {position}")
        if layer.kernel_size[0] != architecture["kernelSize"]:
            raise ValueError(f"convolution {position} has another kernel size than the first")
        layers.append(_layer(layer))
    if branch is not None:
        _check(branch, "the branch")
        if branch.bias is not None or branch.dilation[0] != 1:
            raise ValueError("the branch has a bias or a dilation")
        architecture["branch"] = {
            "kernelSize": branch.kernel_size[0],
            "lookAhead": branch_look_ahead,
            "structure": "real",
        }
        layers.append(_layer(branch))
    model = {
        "schemaVersion": 2,
        "generator": f"PyTorch {torch.__version__}",
        "architecture": architecture,
        "layers": layers,
    }
    Path(path).write_text(json.dumps(model, indent=1, sort_keys=True) + "\n")


def stream(stack, signal, *, look_ahead=0, skip=False, branch=None, branch_look_ahead=0):
    """What the exported network gives, computed by PyTorch: `signal` and the result are [channel][time]."""

    def causal(layer, x):
        past = (layer.kernel_size[0] - 1) * layer.dilation[0]
        return functional.conv1d(
            functional.pad(x, (past, 0)), layer.weight, layer.bias, dilation=layer.dilation)

    with torch.no_grad():
        x = functional.pad(signal, (0, look_ahead))
        for layer in stack:
            x = causal(layer, x) if isinstance(layer, nn.Conv1d) else layer(x)
        output = x[:, look_ahead:]
        if branch is not None:
            late = causal(branch, functional.pad(signal, (0, branch_look_ahead)))
            output = output + late[:, branch_look_ahead:]
        return output + signal if skip else output


def _check(layer, name):
    if layer.stride != (1,) or layer.groups != 1:
        raise ValueError(f"{name} has a stride or groups")
    if layer.padding_mode != "zeros":
        raise ValueError(f"{name} pads with '{layer.padding_mode}', not with zeros")


def _layer(layer):
    # PyTorch correlates: its last tap meets the newest sample. Pare's first one does.
    bias = layer.bias if layer.bias is not None else torch.zeros(layer.out_channels)
    return {
        "weights": layer.weight.detach().float().flip(2).tolist(),
        "biases": bias.detach().float().tolist(),
    }


def _activation(stack):
    names = set()
    for position, layer in enumerate(stack):
        if isinstance(layer, nn.Conv1d) != (position % 2 == 0):
            raise ValueError(f"layer {position}: convolutions and activations must alternate")
        if position % 2 == 1:
            names.add(_name(layer, position))
    if len(stack) % 2 == 0:
        raise ValueError("the last layer is not a convolution")
    if len(names) > 1:
        raise ValueError(f"one activation for all layers, not {sorted(names)}")
    return names.pop() if names else "relu"


def _name(layer, position):
    if isinstance(layer, nn.ReLU):
        return "relu"
    if isinstance(layer, nn.Tanh):
        return "tanh"
    if isinstance(layer, nn.Hardtanh) and (layer.min_val, layer.max_val) == (-1, 1):
        return "hardtanh"
    if isinstance(layer, nn.LeakyReLU):
        shift = -math.log2(layer.negative_slope)
        if shift == int(shift) and 1 <= shift <= 8:
            return f"leaky:{int(shift)}"
        raise ValueError(f"layer {position}: the slope {layer.negative_slope} is not 2^-1 ... 2^-8")
    raise ValueError(f"layer {position}: Pare has no {layer}")


def _examples(folder):
    torch.manual_seed(7)
    conv = nn.Conv1d
    examples = {
        "relu": (nn.Sequential(conv(2, 4, 3), nn.ReLU(), conv(4, 2, 3)),
                 {"look_ahead": 1, "skip": True}),
        "tanh-branch": (
            nn.Sequential(
                conv(2, 3, 5, dilation=1), nn.Tanh(), conv(3, 4, 5, dilation=2), nn.Tanh(),
                conv(4, 2, 5, dilation=3)),
            {"look_ahead": 4, "branch": conv(2, 2, 7, bias=False), "branch_look_ahead": 5}),
        "leaky": (
            nn.Sequential(conv(2, 3, 4, bias=False), nn.LeakyReLU(0.125), conv(3, 2, 4, bias=False)),
            {"skip": True}),
    }
    for name, (stack, options) in examples.items():
        target = Path(folder) / name
        target.mkdir(parents=True, exist_ok=True)
        signal = torch.randn(2, 60) * 0.5
        export(stack, target / "model.json", **options)
        for file, values in [("input.csv", signal), ("output.csv", stream(stack, signal, **options))]:
            rows = [f"{i!r},{q!r}" for i, q in values.T.tolist()]
            (target / file).write_text("\n".join(["I,Q", *rows]) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python export.py FOLDER")
    _examples(sys.argv[1])
