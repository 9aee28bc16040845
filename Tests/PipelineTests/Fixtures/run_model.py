"""Runs a model.json over a CSV of I,Q samples, in floats or (--fixed) in integers.

Written from docs/model-format.md alone and with the standard library only, as an oracle that shares no code with Pare.

    python3 run_model.py model.json input.csv output.csv [--fixed]
"""

import csv
import json
import math
import sys


def causal(weights, biases, signal, zero):
    length = len(signal[0])
    result = []
    for row, bias in zip(weights, biases):
        sums = [bias] * length
        for channel, taps in zip(signal, row):
            for delay, weight in enumerate(taps):
                if weight == zero:
                    continue
                for n in range(delay, length):
                    sums[n] += weight * channel[n - delay]
        result.append(sums)
    return result


def run_float(model, x):
    shape = model["architecture"]
    ahead = shape["lookAhead"]
    act = math.tanh if shape["activation"] == "tanh" else lambda v: max(0.0, v)
    a = [channel + [0.0] * ahead for channel in x]
    for index, layer in enumerate(model["layers"]):
        a = causal(layer["weights"], layer["biases"], a, 0.0)
        if index < len(model["layers"]) - 1:
            a = [[act(v) for v in channel] for channel in a]
    y = [channel[ahead:] for channel in a]
    if shape["hasSkip"]:
        y = [[p + q for p, q in zip(out, inp)] for out, inp in zip(y, x)]
    return y


def fraction_bits(fmt):
    return fmt["wordLength"] - fmt["integerBits"]


def limit(word, fmt, overflow):
    bits = fmt["wordLength"]
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if fmt["isSigned"] else (0, (1 << bits) - 1)
    if overflow == "saturate":
        return min(max(word, low), high)
    word &= (1 << bits) - 1
    return word - (1 << bits) if word > high else word


def requantize(word, bits, layer):
    fmt = layer["resultFormat"]
    k = bits - fraction_bits(fmt)
    if k <= 0:
        word <<= -k
    else:
        rest, half = word & ((1 << k) - 1), 1 << (k - 1)
        word >>= k
        if layer["rounding"] == "nearest" and rest >= half:
            word += 1
        if layer["rounding"] == "convergent" and (rest > half or (rest == half and word & 1)):
            word += 1
    return limit(word, fmt, layer["overflow"])


def run_fixed(model, x):
    fixed, shape = model["fixed"], model["architecture"]
    ahead, fmt = shape["lookAhead"], fixed["inputFormat"]
    scale = 2.0 ** fraction_bits(fmt)
    words = [[limit(math.floor(v * scale + 0.5), fmt, "saturate") for v in channel] for channel in x]
    words = [channel + [0] * ahead for channel in words]
    a = words
    for layer in fixed["layers"]:
        sums = causal(layer["taps"], layer["biases"], a, 0)
        bits = layer["accumulatorFractionBits"]
        if layer["activation"] == "lookup":
            shift, values = layer["table"]["shift"], layer["table"]["values"]

            def look(word):
                t = values[min((~word if word < 0 else word) >> shift, len(values) - 1)]
                return -t if word < 0 else t

            a = [[look(v) for v in channel] for channel in sums]
            continue
        if layer["activation"] == "relu":
            sums = [[max(0, v) for v in channel] for channel in sums]
        elif shape["hasSkip"]:
            up = bits - fraction_bits(fmt)
            for out, inp in zip(sums, words):
                for n in range(ahead, len(out)):
                    out[n] += inp[n - ahead] << up
        a = [[requantize(v, bits, layer) for v in channel] for channel in sums]
    unit = 2.0 ** -fraction_bits(fixed["layers"][-1]["resultFormat"])
    return [[v * unit for v in channel[ahead:]] for channel in a]


def main(model_path, input_path, output_path, *flags):
    with open(model_path) as file:
        model = json.load(file)
    assert model["schemaVersion"] == 1
    with open(input_path) as file:
        rows = list(csv.DictReader(file))
    x = [[float(row["I"]) for row in rows], [float(row["Q"]) for row in rows]]
    y = (run_fixed if "--fixed" in flags else run_float)(model, x)
    with open(output_path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["I", "Q"])
        writer.writerows(zip(*y))


main(*sys.argv[1:])
