import BenchmarkLayers
import Foundation
import PareDatapath
import PareQoR
import PareText
import PareTools

/// What synthesis makes of a design without pipeline registers.
struct Tables {
  /// LUT, shift registers among them.
  let lut: Int
  let ff: Int
  let carry8: Int

  init(_ record: QoRRecord) {
    lut = Int((record[.lut] ?? 0) + (record[.srl] ?? 0))
    ff = Int(record[.ff] ?? 0)
    carry8 = Int(record[.carry8] ?? 0)
  }
}

/// The designs of a layer, in the order of the columns.
let tableDesigns = ["da4ml", "alkaid", "da4ml-rows", "alkaid-rows", "pare"]

func peerSolution(_ peer: String, of layer: BenchmarkMatrix, in folder: Folder) throws
  -> PeerSolution
{
  try JSONDecoder().decode(
    PeerSolution.self, from: try folder.folder("peers/\(peer)").read("\(layer.slug).json"))
}

/// Prints a line per layer as it is done, then the geometric means and where we lose.
func compareTables(_ layers: [BenchmarkMatrix], in folder: Folder) async throws {
  let bench = try await Workbench(folder, limit: .seconds(3600))
  report(
    "| layer | adders da4ml / alkaid | "
      + tableDesigns.map { "\($0) LUT / FF / CARRY8" }
      .joined(separator: " | ")
      + " | to da4ml | to alkaid | to the better graph in rows |")
  report("|---" + String(repeating: "|---", count: tableDesigns.count + 4) + "|")
  var ratios: [String: [Double]] = [:]
  var losses: [String] = []
  var late: [String] = []
  for layer in layers {
    let designs = try LayerDesigns(layer)
    let peers = try ["da4ml", "alkaid"].map { try peerSolution($0, of: layer, in: folder) }
    var found: [String: Tables] = [:]
    for name in tableDesigns {
      let bundle =
        switch name {
        case "pare":
          try designs.design(
            try designs.solved(.ultraScalePlus), .ultraScalePlus, clockHz: LayerDesigns.unpipelined)
        case "da4ml": try designs.asItComes(peers[0])
        case "alkaid": try designs.asItComes(peers[1])
        case "da4ml-rows": try designs.rows(of: peers[0], .ultraScalePlus)
        default: try designs.rows(of: peers[1], .ultraScalePlus)
        }
      let place = folder.folder("designs/\(layer.slug)/\(name)")
      try place.create()
      try await bench.check(bundle, in: place)
      do {
        found[name] = Tables(try await bench.tables(bundle, in: place))
      } catch let error as ToolError {
        guard case .timedOut(_, let limit) = error.code else { throw error }
        late.append("\(layer.name) \(name): synthesis takes more than \(limit) s")
      }
    }
    func ratio(_ name: String) -> Double? {
      guard let ours = found["pare"], let other = found[name] else { return nil }
      return Double(ours.lut) / Double(other.lut)
    }
    let rows = [ratio("da4ml-rows"), ratio("alkaid-rows")].compactMap { $0 }.max()
    let columns = [
      ("da4ml", ratio("da4ml")), ("alkaid", ratio("alkaid")),
      ("better of both", [ratio("da4ml"), ratio("alkaid")].compactMap { $0 }.max()),
      ("da4ml-rows", ratio("da4ml-rows")), ("alkaid-rows", ratio("alkaid-rows")),
      ("better of both in rows", rows),
    ]
    for (name, ratio) in columns {
      guard let ratio else { continue }
      ratios[name, default: []].append(ratio)
      if ratio > 1 { losses.append("\(layer.name): \(ratio.fixed(3)) of \(name)") }
    }
    let cells = tableDesigns.map { name in
      found[name].map { "\($0.lut) / \($0.ff) / \($0.carry8)" } ?? "-"
    }
    let figures = [ratio("da4ml"), ratio("alkaid"), rows].map { $0?.fixed(3) ?? "-" }
    report(
      "| \(layer.name) | \(peers[0].adders) / \(peers[1].adders) | "
        + (cells + figures).joined(separator: " | ") + " |")
  }
  report("")
  for name in [
    "da4ml", "alkaid", "better of both", "da4ml-rows", "alkaid-rows", "better of both in rows",
  ] {
    let values = ratios[name] ?? []
    guard !values.isEmpty else { continue }
    report(
      "LUT of Pare to \(name): geometric mean \(geometricMean(values).fixed(3)), "
        + "worst \(values.max()!.fixed(3)), \(values.count) layers")
  }
  report(losses.isEmpty ? "Pare loses nowhere" : "Pare loses: " + losses.joined(separator: "; "))
  for line in late { report(line) }
}

/// A line on the output at once: a run takes long, and is followed.
func report(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

func geometricMean(_ values: [Double]) -> Double {
  exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
}
