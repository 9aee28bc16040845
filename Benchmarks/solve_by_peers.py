"""Solutions of da4ml and alkaid for integer layers, in direct form: their Verilog, and their graph as JSON.

solve_by_peers.py MATRICES FOLDER [--quick]      a layer that FOLDER has already is skipped

For every layer of MATRICES (the list of `measure-peers layers`) and each peer FOLDER gets PEER/NAME.json. The window of every
input is a vector: entry input * taps + tap is the input so many samples ago. Options are the peers' defaults.
"""
import hashlib
import importlib.metadata
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

MODULE = "peer_logic"
# Levels of adders between two registers of alkaid's pipelines: 1 is its fastest.
PIPELINES = (1, 2)
# Below this a pipeline is made: routing is for layers that take minutes.
PIPELINED_WEIGHTS = 500


def graph(comb, read):
    """The operations as sums of two shifted terms with shifts of 0 and more, and outputs that read them.

    A value of the peer is `2**exponent` times a whole number; sources are the entries of the window, then the nodes.
    """
    entries = comb.shape[0]
    known = []  # (source or None for zero, exponent, negated) per operation
    nodes = []
    for op in comb.ops:
        kind, value = read(op)
        if kind == "input":
            known.append((value, int(comb.inp_shifts[value]), False))
        elif kind == "zero":
            known.append((None, 0, False))
        elif kind == "negation":
            source, exponent, negated = known[value]
            known.append((source, exponent, not negated))
        else:
            terms = []
            for index, shift, negated in value:
                source, exponent, turned = known[index]
                if source is None:
                    raise ValueError(f"an operation reads the constant 0: {op}")
                terms.append((source, exponent + shift, negated != turned))
            least = min(shift for _, shift, _ in terms)
            nodes.append([[source, shift - least, negated] for source, shift, negated in terms])
            known.append((entries + len(nodes) - 1, least, False))
    outputs = []
    for index, shift, negated in zip(comb.out_idxs, comb.out_shifts, comb.out_negs):
        source, exponent, turned = known[index] if index >= 0 else (None, 0, False)
        if source is None:
            outputs.append([])
            continue
        if exponent + shift < 0:
            raise ValueError("an output is a fraction of a node")
        outputs.append([[source, exponent + int(shift), bool(negated) != turned]])
    return {"nodes": nodes, "outputs": outputs}


def widths(kifs):
    return [int(sum(kif)) for kif in zip(*kifs)]


class Da4ml:
    name = "da4ml"

    def solve(self, matrix, low, high):
        from da4ml.trace import FixedVariableArray, comb_trace

        count = matrix.shape[0]
        window = FixedVariableArray.from_lhs(
            np.full(count, low), np.full(count, high), np.ones(count))
        return comb_trace(window, window @ matrix)

    @staticmethod
    def read(op):
        match op.opcode:
            case -1:
                return "input", op.id0
            case 0 | 1:
                return "sum", [(op.id0, 0, False), (op.id1, int(op.data), op.opcode == 1)]
            case 5 if op.data == 0:
                return "zero", None
        raise ValueError(f"operation of an unknown kind: {op}")

    def verilog(self, comb):
        import da4ml.codegen.rtl as rtl
        from da4ml.codegen.rtl.verilog import comb_logic_gen

        files = {f"{MODULE}.v": comb_logic_gen(comb, MODULE)}
        return with_cells(files, Path(rtl.__file__).parent / "verilog/source")

    def pipelines(self, comb):
        return []


class Alkaid:
    name = "alkaid"

    def solve(self, matrix, low, high):
        from alkaid.trace import FVArray, trace

        count = matrix.shape[0]
        window = FVArray.from_lhs(np.full(count, low), np.full(count, high), np.ones(count))
        return trace(window, window @ matrix)

    @staticmethod
    def read(op):
        match op.opcode:
            case -1:
                return "input", op.data[0]
            case -2:
                return "negation", op.addr[0]
            case 0 | 1:
                a, b = op.addr
                return "sum", [(a, 0, False), (b, int(op.data[0]), op.opcode == 1)]
            case 5 if op.data[0] == 0:
                return "zero", None
        raise ValueError(f"operation of an unknown kind: {op}")

    def verilog(self, comb):
        return self.written(comb)[0]

    def written(self, logic):
        """The files of a project, as `RTLModel` writes them: ternary adders fused, which is the default."""
        from alkaid.codegen.rtl import RTLModel

        with tempfile.TemporaryDirectory() as folder:
            model = RTLModel(logic, folder, prj_name=MODULE)
            model.write()
            sources = sorted(Path(folder, "src").glob("*.v"))
            files = {s.name: s.read_text() for s in sources if not s.name.endswith("_wrapper.v")}
            cells = Path(folder, "src/static")
            return with_cells(files, cells), model

    def pipelines(self, comb):
        from alkaid.trace import to_pipeline

        result = []
        for levels in PIPELINES:
            # The registers of the window hold the inputs already.
            machine = to_pipeline(comb, latency_cutoff=levels, verbose=False, reg_inp=False)
            files, model = self.written(machine)
            result.append({"levels": levels, "latency": int(model.latency), "verilog": files})
        return result


def with_cells(files, folder):
    """The files and those of the peer's own modules that they use."""
    text = "\n".join(files.values())
    for source in sorted(folder.glob("*.v")):
        if re.search(rf"\b{source.stem}\b", text):
            files[source.name] = source.read_text()
    return files


def main():
    matrices, folder = sys.argv[1], Path(sys.argv[2])
    quick = "--quick" in sys.argv
    for matrix in json.load(open(matrices)):
        if quick and not matrix["isQuick"]:
            continue
        taps = np.array(matrix["taps"])
        outputs, inputs, length = taps.shape
        direct = taps.reshape(outputs, inputs * length).T
        limit = 2.0 ** (matrix["inputBits"] - 1)
        for peer in (Da4ml(), Alkaid()):
            version = importlib.metadata.version(peer.name)
            # What is kept is of these numbers, this version and this script.
            key = hashlib.sha256()
            key.update(json.dumps([matrix, version]).encode())
            key.update(Path(__file__).read_bytes())
            path = folder / peer.name / (matrix["slug"] + ".json")
            if path.exists() and json.load(open(path))["key"] == key.hexdigest():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            start = time.time()
            comb = peer.solve(direct, -limit, limit - 1)
            seconds = time.time() - start
            kinds = [peer.read(op)[0] for op in comb.ops]
            result = {
                "key": key.hexdigest(),
                "peer": peer.name,
                "version": version,
                "name": matrix["name"],
                "adders": kinds.count("sum") + kinds.count("negation")
                + sum(map(bool, comb.out_negs)),
                "seconds": round(seconds, 3),
                "inputWidths": widths(comb.inp_kifs),
                "outputWidths": widths(comb.out_kifs),
                # Places below the lowest that an output has a bit for.
                "outputShifts": [-int(f) if sum((k, i, f)) > 0 else 0
                                 for k, i, f in zip(*comb.out_kifs)],
                "outputSigns": [bool(s) for s in comb.out_kifs[0]],
                "graph": graph(comb, peer.read),
                "verilog": peer.verilog(comb),
                "pipelines": peer.pipelines(comb) if taps.size <= PIPELINED_WEIGHTS else [],
            }
            part = path.with_suffix(".part")
            part.write_text(json.dumps(result))
            os.replace(part, path)
            print(f"{peer.name} {version}: {matrix['name']}, {result['adders']} adders, "
                  f"{seconds:.1f} s", file=sys.stderr, flush=True)


main()
