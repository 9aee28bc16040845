import Foundation
import PareNetwork
import PareNumerics
import PareSignal
import PareTrain

@testable import PareExplore

/// Rows of a ledger for tests: everything of row `index` follows from its number.
enum LedgerSamples {
  static let recipe = TrainingRecipe.quick
  static let recipeHash = PointKey.hash(of: recipe)

  static func key(_ index: Int) -> String {
    var hash = StableHash()
    hash.combine(UInt64(index))
    return hash.hex
  }

  static func point(_ index: Int) throws -> DesignPoint {
    let shapes = [[4], [8, 8], [8, 4], []]
    var point = DesignPoint(
      architecture: try Architecture(
        hiddenChannels: shapes[index % 4], kernelSize: 3 + index % 5,
        activation: index % 3 == 0 ? .tanh : .relu))
    point.sparsity = Double(index % 10) / 10
    point.ladder = (1..<10).map { Double($0) / 10 }.filter { $0 < point.sparsity }
    point.quantizer = [.none, .pot(), .apot(), .digits(2)][index % 4]
    return point
  }

  static func candidate(
    _ index: Int, failure: String? = nil, host: String = "here", second: Int = 0
  ) throws -> Candidate {
    var metrics = Metrics()
    if failure == nil {
      for (place, metric) in LedgerSchema.metrics.enumerated() {
        metrics[metric] = Double(index + place)
      }
      metrics[.nmse] = -30 - 1 / Double(index + 3)
      metrics[.power] = 1e-3 / Double(index + 7)
      // A figure that the design has none of.
      metrics[.tableBits] = index % 3 == 0 ? 8_192 : nil
    }
    return Candidate(
      key: key(index), point: try point(index), dataset: "opendpd/APA_200MHz",
      datasetHash: "0123456789abcdef", task: index % 2 == 0 ? .inverse : .forward,
      recipeHash: recipeHash,
      seeds: [
        .init(
          seed: 1, nmse: failure == nil ? -30.1 : nil, testNMSE: -29, nnz: 12, failure: failure),
        .init(
          seed: 2, nmse: nil, testNMSE: nil, nnz: nil, failure: "did not converge, \"at all\"\n"),
      ],
      bestSeed: failure == nil ? 1 : nil, metrics: metrics, failure: failure,
      generator: "pare 0.1.0", host: host,
      finishedAt: "2026-01-02T03:04:\(second < 10 ? "0" : "")\(second)Z", seconds: 1.25)
  }

  static func seedResult(_ index: Int, seed: UInt64, failure: String? = nil) -> SeedResult {
    SeedResult(
      key: key(index),
      score: .init(
        seed: seed, nmse: failure == nil ? -30.5 : nil, testNMSE: failure == nil ? -30.25 : nil,
        nnz: failure == nil ? 40 : nil, failure: failure),
      floatNMSE: -31.0 / 3, floatTestNMSE: nil,
      model: failure == nil ? "{ \"model\": \(index) }\n" : nil, seconds: 0.1)
  }
}
