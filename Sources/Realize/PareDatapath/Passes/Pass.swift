/// A rewriting of a graph that changes no output bit.
///
/// A pass that has nothing to do returns its input.
public protocol Pass: Sendable {
  func callAsFunction(_ datapath: Datapath) throws -> Datapath
}

extension Pass {
  /// The name of the type, as reports and dumps show it.
  public var name: String { "\(Self.self)" }
}

/// Passes to be run one after the other.
public struct PassPipeline: Sendable {
  public let passes: [any Pass]

  public init(_ passes: [any Pass]) { self.passes = passes }

  /// From what lowering emits to adders: no constant multiplication and no rounding adder of its own is left.
  public static let standard = PassPipeline(simplifying + [ExpandLinear()] + sweeping)

  /// What both do before they make adders: every sum is still one `linear` node.
  public static let tidying = PassPipeline(simplifying)

  /// As ``standard``, but sums share what they have in common, and are built of the rows of a family; ``standard`` itself
  /// when no effort is wanted.
  public static func solving(_ options: SolverOptions) -> PassPipeline {
    options.effort == .none
      ? .standard : PassPipeline(simplifying + [SolveLinear(options)] + sweeping)
  }

  // A rectifier that was fused still reads its sum until it is swept away, and a sum with two readers cannot take in a
  // rounding constant.
  private static let simplifying: [any Pass] = [
    DeadNodes(), FoldConstants(), FuseRelu(), DeadNodes(), FoldRounding(), FoldConstants(),
  ]

  private static let sweeping: [any Pass] = [MergeEqualNodes(), DeadNodes()]

  /// ``solving(_:)`` with multipliers in the layers of these names, or in all when there are none.
  public static func solving(
    _ options: SolverOptions, multiplying layers: [String]
  ) -> PassPipeline {
    solving(options).multiplying(layers)
  }

  /// The same passes with ``LinearToProducts`` in front of the one that makes adders.
  private func multiplying(_ layers: [String]) -> PassPipeline {
    guard let place = passes.firstIndex(where: { $0 is ExpandLinear || $0 is SolveLinear }) else {
      preconditionFailure("no pass makes adders of the sums")
    }
    return PassPipeline(
      passes[..<place] + [LinearToProducts(layers: layers)] + passes[place...])
  }
}

extension Datapath {
  /// The graph after all passes, verified after each.
  ///
  /// - Parameter inspect: sees the name of each pass and what it made; throw to stop early.
  /// - Throws: ``DatapathError``; code `.brokenByPass` names a pass whose result does not verify.
  public func optimized(
    by pipeline: PassPipeline = .standard,
    inspecting inspect: (_ pass: String, Datapath) throws -> Void = { _, _ in }
  ) throws -> Datapath {
    try verify()
    var current = self
    for pass in pipeline.passes {
      try Task.checkCancellation()
      let next = try pass(current)
      do {
        try next.verify()
      } catch {
        throw DatapathError(.brokenByPass(name: pass.name, reason: error.message))
      }
      if let change = current.portChange(to: next) {
        throw DatapathError(.brokenByPass(name: pass.name, reason: change))
      }
      try inspect(pass.name, next)
      current = next
    }
    return current
  }

  /// What differs between the ports of two graphs, or nil.
  private func portChange(to other: Datapath) -> String? {
    if inputs != other.inputs { return "the inputs changed" }
    if lookAhead != other.lookAhead { return "the look-ahead changed" }
    if outputs.map(\.name) != other.outputs.map(\.name) { return "the outputs changed" }
    for (before, after) in zip(outputs, other.outputs) {
      let (old, new) = (self[before.wire].format, other[after.wire].format)
      if old != new { return "output \(before.name) changed from \(old) to \(new)" }
    }
    return nil
  }

  /// A graph made by visiting the nodes in order.
  ///
  /// - Parameter visit: makes the new version of the node with the given index; its op's operands are moved already.
  func rewriting(
    _ visit: (_ builder: inout DatapathBuilder, _ index: Int, _ op: Op) throws -> Wire
  ) rethrows -> Datapath {
    var builder = DatapathBuilder(rewriting: self)
    var moved: [Wire] = []
    moved.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      moved.append(try visit(&builder, index, node.op.mapped { moved[Int($0.index)] }))
    }
    for output in outputs { builder.output(output.name, moved[Int(output.wire.index)]) }
    return builder.rewritten(lookAhead: lookAhead)
  }

  /// How often each wire is read, outputs included.
  var useCounts: [Int] {
    var counts = Array(repeating: 0, count: nodes.count)
    for node in nodes { for wire in node.op.operands { counts[Int(wire.index)] += 1 } }
    for output in outputs { counts[Int(output.wire.index)] += 1 }
    return counts
  }

  /// Whether a wire's format is that of an output, directly or through delays.
  var definesPort: [Bool] {
    var defines = Array(repeating: false, count: nodes.count)
    for output in outputs { defines[Int(output.wire.index)] = true }
    for (index, node) in nodes.enumerated().reversed() where defines[index] {
      if case .delay(let wire, _) = node.op { defines[Int(wire.index)] = true }
    }
    return defines
  }
}
