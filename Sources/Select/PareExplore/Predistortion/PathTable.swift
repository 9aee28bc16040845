import PareDPD
import PareNumerics
import PareText

/// The supports of a path, one to a line: what more coefficients bring before products, digits and words are limited.
struct PathTable {
  let csv: String

  /// - Columns: coefficients, products of signals, and the weighted error over the target's energy, linearized around the ideal
  ///   drive, in dB.
  init(_ path: SupportPath, of equations: SpectralEquations) throws {
    var lines = ["coefficients,products,error_db"]
    for (size, support) in path.supports.sorted(by: { $0.key < $1.key }) {
      let cost = equations.cost(of: support)
      let error = decibels(try equations.leastError(of: support) / equations.energy)
      lines.append("\(size),\(cost.products),\(error.fixed(3))")
    }
    csv = lines.joined(separator: "\n") + "\n"
  }
}
