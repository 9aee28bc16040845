"""Runs a model.json over a CSV of I,Q samples, in floats or (--fixed) in integers.

Written from docs/model-format.md alone and with the standard library only, as an oracle that shares no code with Pare.

    python3 run_model.py model.json input.csv output.csv [--fixed]
"""

import csv
import json
import math
import sys


def causal(weights, biases, signal, dilation=1):
    length = len(signal[0])
    result = []
    for row, bias in zip(weights, biases):
        sums = [bias] * length
        for channel, taps in zip(signal, row):
            for tap, weight in enumerate(taps):
                delay = tap * dilation
                if weight == 0:
                    continue
                for n in range(delay, length):
                    sums[n] += weight * channel[n - delay]
        result.append(sums)
    return result


def early(weights, biases, signal, ahead, dilation=1):
    """A convolution that sees `ahead` samples of the future; zeros follow the last sample."""
    sums = causal(weights, biases, [c + [0] * ahead for c in signal], dilation)
    return [c[ahead:] for c in sums]


def parse_feature(text):
    """Channel (or None) and power of |x|: "i|x|^2" is (0, 2)."""
    carrier, _, power = text.partition("|x|^")
    channel = None if carrier == "" else "iq".find(carrier) if carrier in "iq" else int(carrier[1:])
    return channel, int(power or 0)


def run_float(model, x):
    shape = model["architecture"]
    ahead, kind = shape["lookAhead"], shape["activation"]
    slope = 2.0 ** -int(kind.split(":")[1]) if kind.startswith("leaky") else 0.0
    act = {
        "tanh": math.tanh,
        "hardtanh": lambda v: min(max(v, -1.0), 1.0),
        "relu": lambda v: max(0.0, v),
    }.get(kind, lambda v: v if v > 0 else v * slope)
    square = [i * i + q * q for i, q in zip(x[0], x[1])]
    a = []
    for text in shape["features"]:
        channel, power = parse_feature(text)
        values = [1.0] * len(square)
        if power:
            values = list(square)
            for _ in range(power // 2 - 1):
                values = [v * s for v, s in zip(values, square)]
        if channel is not None:
            values = [c * v for c, v in zip(x[channel], values)]
        a.append(values)
    a = [channel + [0.0] * ahead for channel in a]
    stack = model["layers"][: len(shape["hiddenChannels"]) + 1]
    for index, layer in enumerate(stack):
        a = causal(layer["weights"], layer["biases"], a, shape["dilations"][index])
        if index < len(stack) - 1:
            a = [[act(v) for v in channel] for channel in a]
    y = [channel[ahead:] for channel in a]
    if "branch" in shape:
        layer = model["layers"][-1]
        branch = early(layer["weights"], layer["biases"], x, shape["branch"]["lookAhead"])
        y = [[p + q for p, q in zip(out, b)] for out, b in zip(y, branch)]
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


def fixed_features(model, words):
    fixed = model["fixed"]
    bits = fraction_bits(fixed["inputFormat"])
    # [words, fraction bits] of |x|^2, |x|^4, ...
    envelopes = []
    for rule in fixed.get("envelopes", []):
        if not envelopes:
            exact = [i * i + q * q for i, q in zip(words[0], words[1])]
            exact_bits = 2 * bits
        else:
            (first, first_bits), (last, last_bits) = envelopes[0], envelopes[-1]
            exact, exact_bits = [p * q for p, q in zip(last, first)], last_bits + first_bits
        result = [requantize(v, exact_bits, rule) for v in exact]
        envelopes.append((result, fraction_bits(rule["resultFormat"])))
    products = iter(fixed.get("products", []))
    features = []
    for text in model["architecture"]["features"]:
        channel, power = parse_feature(text)
        if power == 0:
            features.append(words[channel])
        elif channel is None:
            features.append(envelopes[power // 2 - 1][0])
        else:
            envelope, envelope_bits = envelopes[power // 2 - 1]
            rule = next(products)
            features.append(
                [requantize(c * e, bits + envelope_bits, rule) for c, e in zip(words[channel], envelope)]
            )
    return features


def run_fixed(model, x):
    fixed, shape = model["fixed"], model["architecture"]
    ahead, fmt = shape["lookAhead"], fixed["inputFormat"]
    scale = 2.0 ** fraction_bits(fmt)
    words = [[limit(math.floor(v * scale + 0.5), fmt, "saturate") for v in channel] for channel in x]
    a = [channel + [0] * ahead for channel in fixed_features(model, words)]
    for index, layer in enumerate(fixed["layers"]):
        sums = causal(layer["taps"], layer["biases"], a, shape["dilations"][index])
        bits, kind = layer["accumulatorFractionBits"], layer["activation"]
        if kind == "lookup":
            shift, values = layer["table"]["shift"], layer["table"]["values"]

            def look(word):
                t = values[min((~word if word < 0 else word) >> shift, len(values) - 1)]
                return -t if word < 0 else t

            a = [[look(v) for v in channel] for channel in sums]
            continue
        if kind == "relu":
            sums = [[max(0, v) for v in channel] for channel in sums]
        elif kind == "hardtanh":
            sums = [[min(max(v, -(1 << bits)), 1 << bits) for v in channel] for channel in sums]
        elif kind.startswith("leaky:"):
            more = int(kind.split(":")[1])
            sums = [[v if v < 0 else v << more for v in channel] for channel in sums]
            bits += more
        else:
            sums = [channel[ahead:] for channel in sums]
            if "branch" in fixed:
                taps = fixed["branch"]["taps"]
                branch = early(taps, [0] * len(taps), words, shape["branch"]["lookAhead"])
                sums = [[p + q for p, q in zip(out, b)] for out, b in zip(sums, branch)]
            if shape["hasSkip"]:
                up = bits - fraction_bits(fmt)
                sums = [[p + (q << up) for p, q in zip(out, inp)] for out, inp in zip(sums, words)]
        a = [[requantize(v, bits, layer) for v in channel] for channel in sums]
    unit = 2.0 ** -fraction_bits(fixed["layers"][-1]["resultFormat"])
    return [[v * unit for v in channel] for channel in a]


def main(model_path, input_path, output_path, *flags):
    with open(model_path) as file:
        model = json.load(file)
    assert model["schemaVersion"] == 2
    with open(input_path) as file:
        rows = list(csv.DictReader(file))
    x = [[float(row["I"]) for row in rows], [float(row["Q"]) for row in rows]]
    y = (run_fixed if "--fixed" in flags else run_float)(model, x)
    with open(output_path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["I", "Q"])
        writer.writerows(zip(*y))


main(*sys.argv[1:])
