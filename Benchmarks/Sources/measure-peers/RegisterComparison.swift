import BenchmarkLayers
import Foundation
import PareDatapath
import PareQoR
import PareText
import PareTools

/// Layers of the comparison of registers: routing several designs of each takes minutes.
private let largest = 500

/// For each of alkaid's pipelines the smallest design of ours, in registers, whose routed clock is no lower.
func compareRegisters(_ layers: [BenchmarkMatrix], in folder: Folder) async throws {
  let bench = try await Workbench(folder, limit: .seconds(1800))
  report(
    "| layer | alkaid, levels per stage | FF | LUT | MHz, best of 3 | Pare FF | LUT "
      + "| MHz | FF ratio |")
  report("|---|---|---|---|---|---|---|---|---|")
  var ratios: [Double] = []
  var missed: [String] = []
  for layer in layers where layer.weightCount <= largest {
    let designs = try LayerDesigns(layer)
    let solution = try peerSolution("alkaid", of: layer, in: folder)
    let home = folder.folder("designs/\(layer.slug)")
    let datapath = try designs.solved(.ecp5)
    for pipeline in solution.pipelines {
      let (bundle, testbench) = try designs.asItComes(solution, pipeline)
      let place = home.folder("alkaid-levels\(pipeline.levels)")
      try place.create()
      try await bench.check(bundle, testbench: testbench, in: place)
      let theirs = try await bench.routed(bundle, in: place)
      guard let clock = theirs[.fmaxMHz], let registers = theirs[.ff] else {
        throw Workbench.Difference(description: "\(place.path) has no clocked path")
      }
      // Clocks for the model, which is up to a third below routing; nil is a register behind every adder.
      var ours: QoRRecord?
      var last: SourceBundle?
      for share in [0.65, 0.75, 0.85, 1, 1.2, nil] as [Double?] {
        let target = share.map { (clock * $0).rounded() }
        let own = try designs.design(datapath, .ecp5, clockHz: target.map { $0 * 1e6 })
        if own == last { continue }
        last = own
        let ownPlace = home.folder("pare-ecp5-" + (target.map { "\(Int($0))" } ?? "most"))
        try ownPlace.create()
        try await bench.check(own, in: ownPlace)
        let record = try await bench.routed(own, in: ownPlace)
        ours = record
        if let reached = record[.fmaxMHz], reached >= clock { break }
      }
      guard let ours, let own = ours[.ff], let reached = ours[.fmaxMHz] else { continue }
      let isEqual = reached >= clock
      let ratio = own / registers
      if isEqual { ratios.append(ratio) }
      if !isEqual || ratio > 1 { missed.append("\(layer.name), levels \(pipeline.levels)") }
      report(
        "| \(layer.name) | \(pipeline.levels) | \(Int(registers)) | \(Int(theirs[.lut] ?? 0)) "
          + "| \(clock.fixed(1)) | \(Int(own)) | \(Int(ours[.lut] ?? 0)) | \(reached.fixed(1)) "
          + "| \(ratio.fixed(3))\(isEqual ? "" : ", clock not reached") |")
    }
  }
  report("")
  if !ratios.isEmpty {
    report(
      "FF of Pare to alkaid at an equal or better clock: geometric mean "
        + "\(geometricMean(ratios).fixed(3)), worst \(ratios.max()!.fixed(3)), "
        + "\(ratios.count) pipelines")
  }
  report(missed.isEmpty ? "Pare loses nowhere" : "Pare loses: " + missed.joined(separator: "; "))
}
