import PareFixed
public import PareNetwork
public import PareNumerics
import PareText
import PareTrain

/// A configuration: a network's shape, how much of it is pruned away, its quantizer, and its words.
///
/// Data, seed and recipe decide too what comes of it; they stand in ``Experiment``, and in ``PointKey``.
public struct DesignPoint: Hashable, Sendable, Codable {
  public var architecture: Architecture
  /// Fraction of the weights that is pruned away.
  public var sparsity = 0.0
  /// Sparsities that pruning stops and tunes at on its way, rising, each below ``sparsity``; empty goes there at once.
  public var ladder: [Double] = []
  public var quantizer = QuantizationScheme.none
  public var formats = FormatChoice.uniform(.paper)
  /// A tanh table has 2^tanhTableBits entries.
  public var tanhTableBits = 10
  public var rounding = Rounding.nearest
  public var overflow = Overflow.saturate

  public init(architecture: Architecture) { self.architecture = architecture }

  /// Weights that pruning leaves: the point's own number, that of its result may be lower.
  public var targetNonZeroCount: Int { architecture.targetNonZeroCount(sparsity: sparsity) }

  /// Short name such as `k5-c8-n2-tanh-apot-p95`; not unique, the key is.
  public var name: String {
    let percent = (sparsity * 1e4).rounded() / 100
    let pruned =
      percent == percent.rounded() ? "\(Int(percent))" : percent.fixed(2).replacing(".", with: "_")
    return "\(architecture.name)-\(quantizer.shortName)-p\(pruned)"
  }
}

extension Architecture {
  /// Weights that pruning to a sparsity leaves.
  func targetNonZeroCount(sparsity: Double) -> Int {
    sparsity > 0 ? Mask.targetCount(for: self, sparsity: sparsity) : weightCount
  }
}

extension QuantizationScheme {
  /// The description without what a file name cannot hold; `pot` and `apot` stand for their usual sizes.
  public var shortName: String {
    [(QuantizationScheme.pot(), "pot"), (.apot(), "apot")].reduce(description) { text, usual in
      self == usual.0 ? usual.1 : text
    }.replacing(":", with: "_").replacing(",", with: "+").replacing("/", with: "-")
  }
}

extension FormatChoice: Codable, CustomStringConvertible {
  /// What ``init(parsing:)`` reads.
  public var description: String {
    switch self {
    case .uniform(let format): "\(format.wordLength),\(format.integerBits)"
    case .observed(let wordLength): "observed:\(wordLength)"
    }
  }

  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
