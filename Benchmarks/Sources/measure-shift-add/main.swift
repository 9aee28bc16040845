// Matrices of a comparison of shift-add compilers, and what Pare's solver makes of them.
//
//   measure-shift-add matrices                     all matrices as JSON
//   measure-shift-add adders [--quick]             a JSON line per matrix: adders of the binary form and of ternary rows
import Foundation
import PareDatapath
import PareNumerics

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

extension BenchmarkMatrix {
  var problem: SumProblem {
    let limit = Int64(1) << Int64(inputBits - 1)
    return SumProblem(
      inputs: (0..<inputCount).map { _ in .init(range: IntegerRange(-limit, limit - 1)) },
      outputs: taps.map { inputs in
        SumProblem.Output(
          inputs.enumerated().flatMap { input, row in
            row.enumerated().filter { $0.element != 0 }.map {
              SumProblem.Product($0.element, input: input, delay: $0.offset)
            }
          })
      })
  }

  /// Whether it is one of the subset that takes seconds.
  var isQuick: Bool { taps.count * inputCount * tapCount <= 160 }
}

func allMatrices() throws -> [BenchmarkMatrix] {
  let folder = URL(filePath: #filePath).deletingLastPathComponent()
  let trained = try Data(contentsOf: folder.appending(path: "trained_layers.json"))
  return BenchmarkMatrix.gaussian()
    + (try JSONDecoder().decode([BenchmarkMatrix].self, from: trained))
}

let encoder = JSONEncoder()
encoder.outputFormatting = [.sortedKeys]
func write(_ value: some Encodable) throws {
  FileHandle.standardOutput.write(try encoder.encode(value) + Data("\n".utf8))
}

let arguments = CommandLine.arguments.dropFirst()
switch arguments.first {
case "matrices": try write(try allMatrices())
case "adders":
  for matrix in try allMatrices() where !arguments.contains("--quick") || matrix.isQuick {
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
