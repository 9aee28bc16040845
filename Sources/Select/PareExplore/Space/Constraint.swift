public import PareNetwork
import PareText

/// A condition on what is known of a design point before it is trained, such as `nnz <= 200`.
public struct Constraint: Hashable, Sendable {
  /// What a condition may speak of.
  public enum Quantity: String, Hashable, Sendable, CaseIterable {
    /// Weights that pruning leaves, before a quantizer sets any to 0.
    case nnz
    /// Weights of the architecture.
    case weights
    /// Of the widest hidden convolution.
    case channels
    /// The output layer included.
    case convolutions
    case kernelSize
    case sparsity
    /// Samples of the signal that one output depends on, the branch included.
    case receptiveField
  }

  /// How the quantity stands to the limit.
  public enum Relation: String, Hashable, Sendable, CaseIterable {
    case atMost = "<="
    case atLeast = ">="
    case equal = "=="
    case notEqual = "!="
    case below = "<"
    case above = ">"
  }

  public let quantity: Quantity
  public let relation: Relation
  public let limit: Double

  public init(_ quantity: Quantity, _ relation: Relation, _ limit: Double) {
    self.quantity = quantity
    self.relation = relation
    self.limit = limit
  }

  /// Whether a point that is pruned to a sparsity meets the condition.
  public func holds(for architecture: Architecture, sparsity: Double) -> Bool {
    let value = Self.value(of: quantity, architecture, sparsity)
    return switch relation {
    case .atMost: value <= limit
    case .atLeast: value >= limit
    case .equal: value == limit
    case .notEqual: value != limit
    case .below: value < limit
    case .above: value > limit
    }
  }

  private static func value(
    of quantity: Quantity, _ architecture: Architecture, _ sparsity: Double
  ) -> Double {
    switch quantity {
    case .nnz: Double(architecture.targetNonZeroCount(sparsity: sparsity))
    case .weights: Double(architecture.weightCount)
    case .channels: Double(architecture.hiddenChannels.max() ?? 0)
    case .convolutions: Double(architecture.convolutions)
    case .kernelSize: Double(architecture.kernelSize)
    case .sparsity: sparsity
    case .receptiveField: Double(architecture.receptiveField)
    }
  }
}

extension Constraint: CustomStringConvertible {
  public var description: String {
    let number = limit == limit.rounded() && abs(limit) < 1e15 ? "\(Int(limit))" : "\(limit)"
    return "\(quantity.rawValue) \(relation.rawValue) \(number)"
  }

  /// Reads what ``description`` prints; blanks do not matter.
  ///
  /// - Throws: ``ExploreError`` naming the part that is wrong.
  public init(parsing text: String) throws {
    let parts = text.split { "<>=!".contains($0) || $0 == " " }.map(String.init)
    let sign = text.filter { "<>=!".contains($0) }
    let known = Quantity.allCases.map(\.rawValue)
    guard parts.count == 2, text.contains(sign), let relation = Relation(rawValue: sign) else {
      throw ExploreError(
        .option("constraints"), "'\(text)' is not a constraint",
        hint: sign == "="
          ? "write == for equal"
          : "write QUANTITY RELATION NUMBER, such as nnz <= 200; relations: "
            + Relation.allCases.map(\.rawValue).joined(separator: ", "))
    }
    guard let quantity = Quantity(rawValue: parts[0]) else {
      let near = nearestWord(to: parts[0], among: known)
      throw ExploreError(
        .option("constraints"), "'\(parts[0])' is not a quantity of a constraint",
        hint: near.map { "did you mean '\($0)'?" } ?? "known: \(known.joined(separator: ", "))")
    }
    guard let limit = Double(parts[1]), limit.isFinite else {
      throw ExploreError(
        .option("constraints"), "'\(parts[1])' is not a number",
        hint: "write QUANTITY RELATION NUMBER, such as nnz <= 200")
    }
    self.init(quantity, relation, limit)
  }
}
