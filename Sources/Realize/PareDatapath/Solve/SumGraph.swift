/// A solution of a ``SumProblem``: sums of shifted, delayed, signed terms, some of which others share.
///
/// Factored, a sum has any number of terms; lowered to the rows of a family, a node has at most
/// ``LogicFamily/adderOperands`` operands, the bias among them, and an output is one term or nothing.
public struct SumGraph: Hashable, Sendable, Codable {
  public enum Source: Hashable, Sendable, Codable {
    case input(Int)
    /// A node of a lower index than the one that reads it.
    case node(Int)
  }

  /// `± source[n - delay] << shift`.
  public struct Term: Hashable, Sendable, Codable {
    public var source: Source
    public var shift: Int
    /// Samples.
    public var delay: Int
    public var isNegated: Bool

    public init(_ source: Source, shift: Int = 0, delay: Int = 0, isNegated: Bool = false) {
      self.source = source
      self.shift = shift
      self.delay = delay
      self.isNegated = isNegated
    }
  }

  /// The sum of the terms and the bias. A node that is read with a delay has no bias, since before the first sample a
  /// delay gives 0.
  public struct Sum: Hashable, Sendable, Codable {
    public var terms: [Term]
    public var bias: Int64

    public init(_ terms: [Term], bias: Int64 = 0) {
      self.terms = terms
      self.bias = bias
    }
  }

  public var nodes: [Sum]
  /// In the order of the problem's outputs.
  public var outputs: [Sum]

  public init(nodes: [Sum], outputs: [Sum]) {
    self.nodes = nodes
    self.outputs = outputs
  }
}

/// Why a graph does not solve a problem.
public struct SumGraphFault: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
}

extension SumGraph {
  /// A sum written out: what each input, some samples ago, is multiplied by, and the bias.
  public struct Expansion: Hashable, Sendable {
    public var coefficients: [SumProblem.Tap: Int64] = [:]
    public var bias: Int64 = 0
  }

  /// Every node and every output written out.
  ///
  /// - Throws: ``SumGraphFault`` when a node reads a later one, or one with a bias is delayed.
  public func expanded() throws(SumGraphFault) -> (nodes: [Expansion], outputs: [Expansion]) {
    var known: [Expansion] = []
    known.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      known.append(try Self.expand(node, known, "node \(index)"))
    }
    var results: [Expansion] = []
    for (index, output) in outputs.enumerated() {
      results.append(try Self.expand(output, known, "output \(index)"))
    }
    return (known, results)
  }

  private static func expand(
    _ sum: Sum, _ known: [Expansion], _ name: String
  ) throws(SumGraphFault) -> Expansion {
    var result = Expansion(bias: sum.bias)
    for term in sum.terms {
      guard (0...62).contains(term.shift), term.delay >= 0 else {
        throw SumGraphFault(description: "\(name): shift \(term.shift), delay \(term.delay)")
      }
      // Wrapping, as the hardware does; a coefficient that leaves 64 bits cannot equal the problem's by accident, since
      // the ranges of the problem's sums fit 63 bits.
      let factor = (Int64(1) << Int64(term.shift)) &* (term.isNegated ? -1 : 1)
      switch term.source {
      case .input(let input):
        let tap = SumProblem.Tap(input: input, delay: term.delay)
        result.coefficients[tap, default: 0] &+= factor
      case .node(let node):
        guard known.indices.contains(node) else {
          throw SumGraphFault(description: "\(name) reads node \(node), which is not before it")
        }
        guard known[node].bias == 0 || term.delay == 0 else {
          throw SumGraphFault(description: "\(name) delays node \(node), which has a bias")
        }
        for (tap, coefficient) in known[node].coefficients {
          let delayed = SumProblem.Tap(input: tap.input, delay: tap.delay + term.delay)
          result.coefficients[delayed, default: 0] &+= factor &* coefficient
        }
        result.bias &+= factor &* known[node].bias
      }
    }
    result.coefficients = result.coefficients.filter { $0.value != 0 }
    return result
  }

  /// Checks that every output, written out, is the problem's.
  ///
  /// - Throws: ``SumGraphFault`` that names the first output that is not.
  public func verify(solves problem: SumProblem) throws(SumGraphFault) {
    guard outputs.count == problem.outputs.count else {
      throw SumGraphFault(
        description: "\(outputs.count) outputs where the problem has \(problem.outputs.count)")
    }
    let results = try expanded().outputs
    for (index, (result, wanted)) in zip(results, problem.outputs).enumerated() {
      let coefficients = Dictionary(
        uniqueKeysWithValues: wanted.products.map {
          (SumProblem.Tap(input: $0.input, delay: $0.delay), $0.coefficient)
        })
      guard result.coefficients == coefficients, result.bias == wanted.bias else {
        throw SumGraphFault(description: "output \(index) is not the sum that was asked for")
      }
    }
  }
}
