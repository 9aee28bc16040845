"""Scores drives on the public benchmark of predistorters, by the written protocol and without Pare's code.

score_protocol.py ASSETS U.csv...        ASSETS is the folder that 'pare dpd fetch' prints; needs numpy

Reads the drives for the test split that any tool wrote (header I,Q) and prints what 'pare dpd score' prints: NMSE, EVM, ACLR
on both sides, power error, in dB. All in double precision but for the rounding of the drive at the transmitter.
"""
import json
import sys

import numpy as np


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def hardswish(v):
    return v * np.clip(v + 3, 0, 6) / 6


def amplifier(weights, u):
    """The frozen TRes-GRU in one run from a zero state: u complex, output complex."""
    w_in, w_state = weights["backbone.rnn.weight_ih_l0"], weights["backbone.rnn.weight_hh_l0"]
    magnitude, ahead = np.abs(u), np.roll(u, -1)
    features = np.stack([u.real, u.imag, magnitude, magnitude**3, ahead.real, ahead.imag])
    driven = (w_in @ features).T
    hidden = w_state.shape[1]
    state = np.zeros(hidden)
    states = np.empty((len(u), hidden))
    for n, row in enumerate(driven):
        back = w_state @ state
        reset = sigmoid(row[:hidden] + back[:hidden])
        update = sigmoid(row[hidden:2 * hidden] + back[hidden:2 * hidden])
        new = np.tanh(row[2 * hidden:] + reset * back[2 * hidden:])
        state = (1 - update) * new + update * state
        states[n] = state
    y = states @ weights["backbone.fc_out.weight"].T
    padded = np.pad(np.stack([u.real, u.imag]), ((0, 0), (16, 16)))
    taps = np.stack([padded[:, 16 * k:16 * k + len(u)] for k in range(3)], axis=1)
    branch = hardswish(np.einsum("cpk,pkn->cn", weights["backbone.tcn.0.weight"], taps))
    y = y + hardswish(weights["backbone.tcn.2.weight"][:, :, 0] @ branch).T
    return y[:, 0] + 1j * y[:, 1]


def welch(x, size):
    """Power per bin, scaled by a constant: periodic Hann, half overlap, the mean kept."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    step = size - size // 2
    starts = range(0, len(x) - size + 1, step)
    return sum(np.abs(np.fft.fft(window * x[s:s + size]))**2 for s in starts) / len(starts)


def symbols(signal, rules, split):
    rate, grid = rules["signal"]["sample_rate_hz"], rules["evm_grid"]
    start, size = split["source_start"], grid["useful_samples"]
    time = (np.arange(len(signal)) + start) / rate
    frequency = np.fft.fftfreq(len(signal), 1 / rate)
    result = []
    for carrier in grid["carriers"]:
        spectrum = np.fft.fft(signal * np.exp(2j * np.pi * carrier["frequency_shift_hz"] * time))
        spectrum[np.abs(frequency) > carrier["filter_half_bandwidth_hz"]] = 0
        alone = np.fft.ifft(spectrum)
        for place in carrier["fft_starts"]:
            symbol = np.fft.fft(alone[place - start:place - start + size])
            result.append(symbol[carrier["occupied_bins"]])
    return np.concatenate(result)


def decibels(ratio):
    return 10 * np.log10(ratio)


def energy(x):
    return np.vdot(x, x).real


def score(u, x, rules, weights):
    u = u.real.astype(np.float32).astype(float) + 1j * u.imag.astype(np.float32).astype(float)
    u = u * np.minimum(1, rules["peak_limit"] / np.maximum(np.abs(u), 1e-30))
    y, r = amplifier(weights, u), rules["reference_gain"] * x
    split, signal = rules["stimuli"]["splits"]["test"], rules["signal"]
    sent, wanted = symbols(y, rules, split), symbols(r, rules, split)
    gain = np.vdot(wanted, sent) / energy(wanted)
    evm = decibels(energy(sent - gain * wanted) / energy(gain * wanted))
    window = slice(split["metric_start"], split["metric_stop"])
    y, r = y[window], r[window]
    size, rate, band = signal["nperseg"], signal["sample_rate_hz"], signal["bandwidth_hz"]
    power, frequency = welch(y, size), np.fft.fftfreq(size, 1 / rate)
    width = band / signal["n_sub_ch"]

    def within(lower):
        return power[(frequency >= lower) & (frequency < lower + width)].sum()

    strongest = max(within(-band / 2 + k * width) for k in range(signal["n_sub_ch"]))
    return {
        "NMSE": decibels(energy(y - r) / energy(r)), "EVM": evm,
        "ACLR lower": decibels(within(-band / 2 - width) / strongest),
        "ACLR upper": decibels(within(band / 2) / strongest),
        "power": decibels(energy(y) / energy(r)),
    }


def main(assets, drives):
    with open(f"{assets}/calibration-v6-apa-b.json") as file:
        rules = json.load(file)["apa-200mhz-b"]
    with np.load(f"{assets}/{rules['teacher']['file']}") as archive:
        weights = {name: archive[name].astype(float) for name in archive}
    with np.load(f"{assets}/{rules['data_file']}") as archive:
        x = archive["x_test"].astype(float) @ [1, 1j]
    for path in drives:
        u = np.loadtxt(path, delimiter=",", skiprows=1) @ [1, 1j]
        if len(u) != len(x):
            sys.exit(f"{path}: {len(u)} samples, and the test split has {len(x)}")
        figures = score(u, x, rules, weights)
        print(path, "  ".join(f"{name} {value:.6f}" for name, value in figures.items()))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
