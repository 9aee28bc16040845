"""Runs a model.json over a CSV of I,Q samples, in floats or (--fixed) in integers.

Written from docs/model-format.md alone and with the standard library only, as an oracle that shares no code with Pare.

    python3 run_model.py model.json input.csv output.csv [--fixed]
"""

import csv
import json
import math
import re
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


LAG = r"(?:\[-(\d+)\])?"
FEATURE = re.compile(
    rf"(i|q|x\d+)?{LAG}(?:\|x{LAG}\|\^(\d)| ?(re|im)\(x{LAG} x\[-(\d+)\]\*\)(\|x{LAG}\|\^2)?)?"
)


def parse_feature(text):
    """Channel (or None) and its lag, envelope (or None) and its lag.

    An envelope is a power of |x|, or (lag, "re" or "im", whether times |x|^2).
    """
    carrier, carrier_lag, power_lag, power, part, new, old, square, _ = FEATURE.fullmatch(text).groups()
    channel = None if carrier is None else {"i": 0, "q": 1}.get(carrier) if carrier in "iq" else int(carrier[1:])
    lag = int(power_lag or new or 0)
    envelope = int(power) if power else (int(old) - lag, part, square is not None) if part else None
    return channel, int(carrier_lag or 0), envelope, lag


def delayed(values, lag):
    return [0] * min(lag, len(values)) + values[: max(0, len(values) - lag)]


def correlation(x, lag, part):
    (i, q), (j, r) = x[:2], [delayed(channel, lag) for channel in x[:2]]
    if part == "re":
        return [a * c + b * d for a, b, c, d in zip(i, q, j, r)]
    return [b * c - a * d for a, b, c, d in zip(i, q, j, r)]


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
        channel, carrier_lag, envelope, lag = parse_feature(text)
        if envelope is None:
            values = [1.0] * len(square)
        elif isinstance(envelope, int):
            values = [s ** (envelope / 2) for s in square]
        else:
            values = correlation(x, *envelope[:2])
            if envelope[2]:
                values = [v * s for v, s in zip(values, square)]
        values = delayed(values, lag)
        if channel is not None:
            values = [c * v for c, v in zip(delayed(x[channel], carrier_lag), values)]
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


def look_up(table, words):
    shift, values = table["shift"], table["values"]

    def look(word):
        t = values[min((~word if word < 0 else word) >> shift, len(values) - 1)]
        return -t if word < 0 else t

    return [look(word) for word in words]


def fixed_features(model, words):
    fixed = model["fixed"]
    bits = fraction_bits(fixed["inputFormat"])
    parsed = [parse_feature(text) for text in model["architecture"]["features"]]
    needed = {envelope for _, _, envelope, _ in parsed if envelope is not None}
    powers = {e for e in needed if isinstance(e, int)}
    correlations = {e for e in needed if not isinstance(e, int)}
    squared = {e for e in correlations if e[2]}
    highest = max([p - p % 2 for p in powers] + [2] * (1 in powers or len(squared) > 0) + [0])
    odd = {p for p in powers if p % 2} | ({1} if any(p % 2 for p in powers) else set())
    part_order = lambda e: (e[0], e[1] == "im")
    order = list(range(2, highest + 1, 2)) + sorted(odd)
    order += sorted({(lag, part, False) for lag, part, _ in correlations}, key=part_order)
    order += sorted(squared, key=part_order)
    # (words, fraction bits) of each envelope
    envelopes = {}
    rules = fixed.get("envelopes", [])
    assert len(rules) == len(order)

    def times(a, b):
        (p, p_bits), (q, q_bits) = envelopes[a], envelopes[b]
        return [v * w for v, w in zip(p, q)], p_bits + q_bits

    for envelope, rule in zip(order, rules):
        result_bits = fraction_bits(rule["resultFormat"])
        if envelope == 1:
            table = fixed["magnitude"]
            envelopes[1] = (look_up(table, envelopes[2][0]), result_bits)
            continue
        if envelope == 2:
            exact, exact_bits = [i * i + q * q for i, q in zip(words[0], words[1])], 2 * bits
        elif isinstance(envelope, int):
            exact, exact_bits = times(envelope - 2, 2) if envelope % 2 == 0 else times(envelope - 1, 1)
        elif envelope[2]:
            exact, exact_bits = times((envelope[0], envelope[1], False), 2)
        else:
            exact, exact_bits = correlation(words, *envelope[:2]), 2 * bits
        envelopes[envelope] = ([requantize(v, exact_bits, rule) for v in exact], result_bits)
    products = iter(fixed.get("products", []))
    features = []
    for channel, carrier_lag, envelope, lag in parsed:
        if envelope is None:
            features.append(words[channel])
        elif channel is None:
            features.append(envelopes[envelope][0])
        else:
            values, value_bits = envelopes[envelope]
            rule = next(products)
            pairs = zip(delayed(words[channel], carrier_lag), delayed(values, lag))
            features.append([requantize(c * e, bits + value_bits, rule) for c, e in pairs])
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
            a = [look_up(layer["table"], channel) for channel in sums]
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
