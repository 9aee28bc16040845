// Layers by da4ml, by alkaid and by Pare, simulated, synthesized, and routed.
//
//   measure-peers layers                          all layers as JSON, for solve_by_peers.py
//   measure-peers tables FOLDER [--quick] [NAME]     LUT after synthesis for xcup, without pipeline registers
//   measure-peers registers FOLDER [--quick] [NAME]  FF and clock on an ECP5, pipelined
//
// FOLDER holds what solve_by_peers.py wrote, and gets the designs. --quick keeps to layers of at most 160 weights, NAME to
// those whose name contains it.
import BenchmarkLayers
import Foundation
import PareText
import PareTools

struct LayerEntry: Encodable {
  let name: String
  let slug: String
  let isQuick: Bool
  let inputBits: Int
  let taps: [[[Int64]]]
}

func fail(_ message: String, status: Int32) -> Never {
  FileHandle.standardError.write(Data((message + "\n").utf8))
  exit(status)
}

var arguments = Array(CommandLine.arguments.dropFirst())
let isQuick = arguments.contains("--quick")
arguments.removeAll { $0 == "--quick" }
do {
  switch arguments.first {
  case "layers" where arguments.count == 1:
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let layers = try BenchmarkMatrix.all().map {
      LayerEntry(
        name: $0.name, slug: $0.slug, isQuick: $0.isQuick, inputBits: $0.inputBits, taps: $0.taps)
    }
    FileHandle.standardOutput.write(try encoder.encode(layers) + Data("\n".utf8))
  case .some(let verb) where ["tables", "registers"].contains(verb) && arguments.count >= 2:
    let layers = try BenchmarkMatrix.all().filter {
      (!isQuick || $0.isQuick) && (arguments.count < 3 || $0.name.contains(arguments[2]))
    }
    let folder = Folder(arguments[1])
    if verb == "tables" {
      try await compareTables(layers, in: folder)
    } else {
      try await compareRegisters(layers, in: folder)
    }
  default:
    fail(
      "usage: measure-peers layers | tables FOLDER | registers FOLDER [--quick] [NAME]", status: 64)
  }
} catch let error as any PareError {
  fail("\(error.message)\n\(error.hint)", status: 1)
} catch {
  fail("\(error)", status: 1)
}
