import Foundation
public import PareDatapath
import PareNumerics

/// An integer layer of the comparison: filters from every input to every output.
public struct BenchmarkMatrix: Codable, Sendable {
  public let name: String
  /// Where the numbers come from: `gaussian`, or the network that a layer was trained in.
  public let origin: String
  /// Word length of the signed inputs.
  public let inputBits: Int
  /// `[output][input][tap]`, tap 0 the newest sample.
  public let taps: [[[Int64]]]

  public var inputCount: Int { taps[0].count }
  public var tapCount: Int { taps[0][0].count }
  public var weightCount: Int { taps.count * inputCount * tapCount }

  /// The name as a folder or a file may be called.
  public var slug: String { name.replacing(" ", with: "-") }

  /// Whether it is one of the subset that takes seconds.
  public var isQuick: Bool { weightCount <= 160 }

  public var problem: SumProblem {
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

  /// Those of Gaussian weights, then the layers of trained networks.
  public static func all() throws -> [BenchmarkMatrix] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let trained = try Data(contentsOf: folder.appending(path: "trained_layers.json"))
    return gaussian() + (try JSONDecoder().decode([BenchmarkMatrix].self, from: trained))
  }
}

/// How Gaussian weights become integers.
enum WeightKind: String, CaseIterable {
  case dense8, sparse65 = "s65", sparse83 = "s83", sparse95 = "s95", pot, apot

  /// - Parameter weights: real, the largest magnitude is scaled to the ends of a signed byte.
  func integers(_ weights: [Double]) -> [Int64] {
    let largest = weights.map(\.magnitude).max()!
    func byte(_ weight: Double) -> Int64 { Int64((weight / largest * 127).rounded()) }
    /// The nearest power of two by the logarithm, from 1 to 128; nothing below a half.
    func power(_ value: Double) -> Double {
      if value.magnitude < 0.5 { return 0 }
      // A power of two is nearest up to sqrt(2) times itself.
      let whole = Double(sign: .plus, exponent: value.exponent, significand: 1)
      let up = value.magnitude * value.magnitude > 2 * whole * whole ? whole * 2 : whole
      return (value < 0 ? -1 : 1) * min(max(up, 1), 128)
    }
    switch self {
    case .dense8: return weights.map(byte)
    case .sparse65: return pruned(weights, percent: 65).map(byte)
    case .sparse83: return pruned(weights, percent: 83).map(byte)
    case .sparse95: return pruned(weights, percent: 95).map(byte)
    case .pot: return weights.map { Int64(power($0 / largest * 128)) }
    case .apot:
      return weights.map { weight in
        let scaled = weight / largest * 128
        let first = power(scaled)
        return Int64(first + power(scaled - first))
      }
    }
  }

  private func pruned(_ weights: [Double], percent: Int) -> [Double] {
    let count = weights.count * percent / 100
    let order = weights.indices.sorted { (weights[$0].magnitude, $0) < (weights[$1].magnitude, $1) }
    var result = weights
    for index in order.prefix(count) { result[index] = 0 }
    return result
  }
}

extension BenchmarkMatrix {
  /// Sizes as rows x outputs: a row is a tap of an input.
  static let sizes = [(2, 5, 4), (4, 5, 2), (2, 7, 8), (8, 7, 8), (16, 11, 16)]

  /// Every size in every kind, from one seed.
  static func gaussian(seed: UInt64 = 1) -> [BenchmarkMatrix] {
    sizes.flatMap { inputs, taps, outputs in
      WeightKind.allCases.map { kind in
        let name = "\(inputs * taps)x\(outputs) \(kind.rawValue)"
        var random = RandomStream(seed: seed).fork(name)
        let weights = (0..<(outputs * inputs * taps)).map { _ in random.normal() }
        let integers = kind.integers(weights)
        return BenchmarkMatrix(
          name: name, origin: "gaussian", inputBits: 12,
          taps: (0..<outputs).map { output in
            (0..<inputs).map { input in
              let start = (output * inputs + input) * taps
              return Array(integers[start..<(start + taps)])
            }
          })
      }
    }
  }
}
