import PareExplore
import PareNumerics
import PareReport
import PareText

/// Points that look like the paper's sweep, with figures from a formula and noise: for pages, not for claims.
struct SyntheticSweep {
  var data: ReportData

  /// - Parameter copies: how often each of the 1,344 points of the grid appears, with other noise.
  init(copies: Int = 1, run: String = "synthetic") {
    var random = RandomStream(seed: 7)
    var points: [CandidateSummary] = []
    for copy in 0..<copies {
      for kernel in [3, 5, 7, 11] {
        for quantizer in ["none", "pot:4", "apot:2:4"] {
          for convolutions in [2, 3] {
            for channels in [2, 4, 6, 8, 10, 14, 16] {
              for sparsity in [0, 0.3, 0.65, 0.83, 0.91, 0.95, 0.98, 0.99] {
                let weights =
                  convolutions == 2
                  ? 4 * channels * kernel : 4 * channels * kernel + channels * channels * kernel
                let nnz = max(
                  Double(convolutions), ((1 - sparsity) * Double(weights)).rounded())
                let coarse = quantizer == "none" ? 0.0 : quantizer == "pot:4" ? 1.7 : 0.5
                let spread = random.uniform() * (1 + 60 / (nnz + 10))
                // Falls by some dB per octave of nnz and settles.
                let nmse = -33.5 + coarse + 26 / (1 + nnz / 9) + 1.2 * spread
                var metrics = Metrics()
                metrics[.nmse] = nmse
                metrics[.testNMSE] = nmse + 0.3 * random.uniform() - 0.1
                metrics[.nnz] = nnz
                metrics[.weights] = Double(weights)
                metrics[.multiplications] = quantizer == "none" ? nnz : 0
                metrics[.adders] =
                  (nnz * (quantizer == "none" ? 3.1 : quantizer == "pot:4" ? 1 : 1.8))
                  .rounded()
                metrics[.lut] = metrics[.adders]! * 18
                metrics[.latency] = Double(8 + convolutions * 4)
                metrics[.power] = 0.004 + metrics[.adders]! * 0.00013 * (1 + 0.2 * random.uniform())
                metrics[.channels] = Double(channels)
                metrics[.convolutions] = Double(convolutions)
                metrics[.kernelSize] = Double(kernel)
                metrics[.sparsity] = sparsity
                let scheme = quantizer == "none" ? "none" : quantizer.prefix { $0 != ":" }
                points.append(
                  CandidateSummary(
                    key: StableHash.hex(UInt64(points.count) &* 0x9E37_79B9_7F4A_7C15),
                    name: "k\(kernel)-c\(channels)-n\(convolutions)-relu-\(scheme)-p"
                      + "\(Int((sparsity * 100).rounded()))" + (copy == 0 ? "" : "-\(copy)"),
                    quantizer: quantizer, activation: copy % 2 == 0 ? "relu" : "tanh",
                    hiddenChannels: "\(channels)", metrics: metrics))
              }
            }
          }
        }
      }
    }
    points.sort { $0.key < $1.key }
    self.init(points, run: run)
  }

  init(_ points: [CandidateSummary], run: String = "synthetic") {
    let all = Array(points.indices)
    let merged = Set(Self.front(of: points, among: all))
    var schemes: Set<Int> = []
    for quantizer in Set(points.map(\.quantizer)) {
      schemes.formUnion(
        Self.front(of: points, among: all.filter { points[$0].quantizer == quantizer }))
    }
    // Every fifth member of the merged front gives way to the one before, as a rule might have it.
    let sorted = merged.sorted { points[$0].metrics[.nnz]! < points[$1].metrics[.nnz]! }
    var removals: [ReportData.Removal] = []
    for place in stride(from: 4, to: sorted.count, by: 5) {
      removals.append(
        .init(
          rule: "1: lowest nnz at equal NMSE", removed: sorted[place], kept: sorted[place - 1],
          reason: "NMSE within 0.1 dB, \(points[sorted[place - 1]].metrics[.nnz]!.fixed(0)) nnz"))
    }
    let removed = Set(removals.map(\.removed))
    let kept = sorted.filter { !removed.contains($0) }
    let top = Set(kept.prefix(10))
    data = ReportData(
      run: run, points: points,
      standings: points.indices.map { index in
        var standing: ReportData.Standing = []
        if schemes.contains(index) { standing.insert(.schemeFront) }
        if merged.contains(index) { standing.insert(.merged) }
        if merged.contains(index), !removed.contains(index) { standing.insert(.kept) }
        if top.contains(index) { standing.insert(.top) }
        return standing
      }, objectives: ["nmse", "nnz"], hasStairs: true)
    data.facts = [
      .init("data set", "opendpd/APA_200MHz"), .init("task", "inverse"),
      .init("points", "\(points.count.grouped) finished, 0 failed"), .init("seeds", "1, 2, 3"),
      .init("program", "pare 0.1.0"),
      .init("again", "pare sweep --preset paper --out runs/paper", isCommand: true),
    ]
    data.removals = removals
    for index in kept {
      data.modelPaths[index] = "models/\(points[index].name)-\(points[index].key).json"
    }
  }

  /// Members of a front, by sorting: an oracle of its own.
  private static func front(of points: [CandidateSummary], among indices: [Int]) -> [Int] {
    let sorted = indices.sorted {
      let (a, b) = (points[$0].metrics, points[$1].metrics)
      return (a[.nnz]!, a[.nmse]!) < (b[.nnz]!, b[.nmse]!)
    }
    var lowest = Double.infinity
    return sorted.filter { index in
      guard points[index].metrics[.nmse]! < lowest else { return false }
      lowest = points[index].metrics[.nmse]!
      return true
    }
  }
}
