import PareExplore
import PareNumerics

/// Random candidates whose figures often tie, are often near, and sometimes lack.
func paretoSamples(
  seed: UInt64, count: Int, lacking: Bool = false
) -> [CandidateSummary] {
  var random = RandomStream(seed: seed).fork("pareto samples")
  return (0..<count).map { index in
    var metrics = Metrics()
    let nnz = 1 + random.index(below: 40)
    metrics[.nnz] = Double(nnz)
    // A trend like that of networks, in steps of 0.04 dB, so that figures tie and lie within the tolerance.
    let nmse = -20 - Double(nnz) / 8 + Double(random.index(below: 60)) * 0.04
    metrics[.nmse] = nmse
    metrics[.power] = 0.01 * Double(1 + random.index(below: 9))
    metrics[.lut] = Double(nnz * (5 + random.index(below: 20)))
    metrics[.latency] = Double(3 + random.index(below: 8))
    metrics[.channels] = Double([2, 4, 6, 8][random.index(below: 4)])
    metrics[.convolutions] = Double(2 + random.index(below: 2))
    if lacking, random.index(below: 7) == 0 { metrics[.nmse] = nil }
    if lacking, random.index(below: 7) == 0 { metrics[.power] = nil }
    return CandidateSummary(
      key: key(index, random.next()), name: "c\(index)",
      quantizer: ["none", "pot:4", "apot:2:4"][random.index(below: 3)], activation: "relu",
      hiddenChannels: "4", metrics: metrics)
  }
}

/// Sixteen characters that differ by index and do not rise with it.
private func key(_ index: Int, _ noise: UInt64) -> String {
  let low = String(UInt32(truncatingIfNeeded: noise), radix: 16)
  let high = String(index, radix: 16)
  return String(repeating: "0", count: 8 - low.count) + low
    + String(repeating: "0", count: 8 - high.count) + high
}

/// A candidate of given figures.
func candidate(
  _ key: String, nmse: Double, nnz: Double, power: Double? = nil, channels: Double? = nil,
  convolutions: Double? = nil, quantizer: String = "none"
) -> CandidateSummary {
  var metrics = Metrics()
  metrics[.nmse] = nmse
  metrics[.nnz] = nnz
  metrics[.power] = power
  metrics[.channels] = channels
  metrics[.convolutions] = convolutions
  return CandidateSummary(
    key: key, name: key, quantizer: quantizer, activation: "relu", hiddenChannels: "4",
    metrics: metrics)
}

extension Objective {
  /// Whether a candidate is at least as good as another in all objectives and better in one: by the definition.
  static func dominates(
    _ a: CandidateSummary, _ b: CandidateSummary, _ objectives: [Objective]
  ) -> Bool {
    func cost(_ candidate: CandidateSummary, _ objective: Objective) -> Double {
      let value = candidate.metrics[objective.metric] ?? .nan
      return objective.isMaximized ? -value : value
    }
    return objectives.allSatisfy { cost(a, $0) <= cost(b, $0) }
      && objectives.contains { cost(a, $0) < cost(b, $0) }
  }
}
