// Matrices of a comparison of shift-add compilers, and what Pare's solver makes of them.
//
//   measure-shift-add matrices                     all matrices as JSON
//   measure-shift-add adders [--quick]             a JSON line per matrix: adders of the binary form and of ternary rows
import BenchmarkLayers
import Foundation
import PareDatapath

struct Measurement: Codable {
  let name: String
  /// Two-operand adders for a family without ternary rows.
  let adders: Int
  let binaryLUT: Int
  let ternaryRows: Int
  /// By the model of rows.
  let ternaryLUT: Int
  let seconds: Double
}

let encoder = JSONEncoder()
encoder.outputFormatting = [.sortedKeys]
func write(_ value: some Encodable) throws {
  FileHandle.standardOutput.write(try encoder.encode(value) + Data("\n".utf8))
}

let arguments = CommandLine.arguments.dropFirst()
switch arguments.first {
case "matrices": try write(try BenchmarkMatrix.all())
case "adders":
  for matrix in try BenchmarkMatrix.all() where !arguments.contains("--quick") || matrix.isQuick {
    let problem = matrix.problem
    let clock = ContinuousClock()
    let start = clock.now
    let binary = try SumSolver(SolverOptions(family: .generic)).solve(problem)
    let seconds = start.duration(to: clock.now) / .seconds(1)
    let ternary = try SumSolver(SolverOptions(family: .ultraScalePlus)).solve(problem)
    let two = binary.rowCost(for: problem, family: .generic)
    let three = ternary.rowCost(for: problem, family: .ultraScalePlus)
    try write(
      Measurement(
        name: matrix.name, adders: two.adders, binaryLUT: two.lutBits, ternaryRows: three.rows,
        ternaryLUT: three.lutBits, seconds: seconds))
  }
default:
  FileHandle.standardError.write(Data("usage: measure-shift-add matrices|adders [--quick]\n".utf8))
  exit(64)
}
