"""Adders of da4ml for the matrices of measure-shift-add, direct and transposed, as JSON lines.

da4ml_adders.py MATRICES RESULTS [--quick]      a matrix that RESULTS has already is skipped
"""
import json
import os
import sys
import time

import numpy as np
from da4ml.cmvm import solve


def adders(pipeline):
    return sum(1 for stage in pipeline.solutions for op in stage.ops if op.opcode in (0, 1))


matrices, results = sys.argv[1:3]
quick = "--quick" in sys.argv
done = set()
if os.path.exists(results):
    done = {json.loads(line)["name"] for line in open(results)}
with open(results, "a") as file:
    for matrix in json.load(open(matrices)):
        taps = np.array(matrix["taps"])
        outputs, inputs, length = taps.shape
        if matrix["name"] in done or (quick and taps.size > 160):
            continue
        limit = 2.0 ** (matrix["inputBits"] - 1)
        interval = (-limit, limit - 1, 1.0)
        start = time.time()
        # Direct form: the window of every input is a vector. Transposed form: the newest samples are, and the products of
        # each tap are joined by an adder between the registers of each output.
        direct = taps.reshape(outputs, inputs * length).T.astype(np.float32)
        transposed = taps.transpose(1, 2, 0).reshape(inputs, length * outputs).astype(np.float32)
        joints = int(np.maximum((taps != 0).any(axis=1).sum(axis=1) - 1, 0).sum())
        result = {
            "name": matrix["name"],
            "direct": adders(solve(direct, qintervals=[interval] * (inputs * length))),
            "transposed": joints + adders(solve(transposed, qintervals=[interval] * inputs)),
        }
        result["seconds"] = round(time.time() - start, 2)
        file.write(json.dumps(result) + "\n")
        file.flush()
