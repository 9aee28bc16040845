import PareNetwork
import PareNumerics

extension WeightFreezer {
  /// Rounds the biases to multiples of `2^-bits`, then moves single ones by a multiple as long as the error falls.
  mutating func roundBiases(toFractionBits bits: Int, sweeps: Int) throws {
    let unit = Float(powerOfTwo(-bits))
    let biases = architecture.freeBiases
    trial.set(
      biases, to: biases.map { (trial.value(of: $0) / unit).rounded(.toNearestOrEven) * unit })
    for _ in 0..<sweeps {
      var hasMoved = false
      for bias in biases {
        try Task.checkCancellation()
        for step in [unit, -unit] {
          let changes = bias.changes(to: trial.value(of: bias) + step)
          guard trial.error(with: changes, limit: trial.current) < trial.current else { continue }
          trial.apply(changes)
          hasMoved = true
          break
        }
      }
      trial.recompute()
      if !hasMoved { return }
    }
  }
}
