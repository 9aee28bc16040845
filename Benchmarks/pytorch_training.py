"""Trained samples per second of processor time of PyTorch on one thread, for the networks of bench-training.

Needs torch; compare_with_pytorch.sh makes an environment of its own for it:
    compare_with_pytorch.sh --install
"""

import statistics
import time

import torch

torch.set_num_threads(1)
torch.manual_seed(7)

SHAPES = [(3, [2], "relu"), (5, [4], "relu"), (5, [8], "relu"), (5, [8], "tanh"), (7, [8], "relu"),
          (11, [16], "relu"), (11, [16, 16], "relu")]
# (frames in a step, outputs in a frame); PyTorch gets to choose.
BATCHES = [(4, 256), (16, 256), (64, 256), (256, 256), (4, 1024), (1, 4096), (1, 16384), (16, 1024)]


def network(kernel, hidden, activation):
    channels = [2] + hidden + [2]
    layers = []
    for source, target in zip(channels, channels[1:]):
        layers += [torch.nn.Conv1d(source, target, kernel),
                   torch.nn.ReLU() if activation == "relu" else torch.nn.Tanh()]
    return torch.nn.Sequential(*layers[:-1])


def samples_per_second(kernel, hidden, activation, frames, length):
    model = network(kernel, hidden, activation)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2, betas=(0.9, 0.99), fused=True)
    context = (len(hidden) + 1) * (kernel - 1)
    x = torch.randn(frames, 2, length + context) * 0.3
    middle = x[:, :, context - 1:context - 1 + length]
    y = middle - 0.2 * middle ** 3

    def step():
        optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.mse_loss(model(x) + middle, y).backward()
        optimizer.step()

    for _ in range(3):
        step()
    steps = max(5, 300_000 // (frames * length))
    speeds = []
    for _ in range(5):
        start = time.process_time()
        for _ in range(steps):
            step()
        speeds.append(steps * frames * length / (time.process_time() - start))
    return statistics.median(speeds)


print(f"torch {torch.__version__}, one thread; million samples/s")
for kernel, hidden, activation in SHAPES:
    results = {b: samples_per_second(kernel, hidden, activation, *b) / 1e6 for b in BATCHES}
    best = max(results, key=results.get)
    name = f"k{kernel}-c{hidden[0]}-n{len(hidden) + 1}-{activation}"
    print(f"{name:20}{results[best]:.2f}  (frames x outputs {best[0]} x {best[1]}; "
          f"worst {min(results.values()):.1f})")
