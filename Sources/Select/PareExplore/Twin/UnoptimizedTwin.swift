import PareDatapath
public import PareFixed
import PareNetwork
public import PareNumerics
import PareText

/// What an optimized network is compared with: the same architecture, no weight pruned, none quantized, 16-bit words
/// everywhere, compiled with a multiplication for every product and without any search or sharing.
///
/// Products by 0, 1 and powers of two are still wires: no tool multiplies there either.
public struct UnoptimizedTwin: Sendable {
  /// Where the dense weights come from.
  public enum Origin: Sendable, Hashable, Codable {
    /// A model file that was given.
    case file(path: String)
    /// A row of a sweep's ledger.
    case ledger(path: String, key: String)
    /// Trained for the comparison.
    case trained(seed: UInt64)
  }

  public let model: ModelFile
  public let origin: Origin

  /// The words of every tensor.
  public static let format = WordFormat.paper

  /// The twin whose weights a dense network has.
  ///
  /// The integers of the file are not used: they are made anew in ``format``, and the scores of integers are left out unless
  /// they are those of the very same integers.
  ///
  /// - Parameters:
  ///   - dense: of the architecture of `model`, without a quantizer, with all its weights.
  ///   - name: of its origin, for errors.
  /// - Throws: ``ExploreError`` when `dense` is another network, or not dense; `FixedError`.
  public init(of model: ModelFile, dense: ModelFile, origin: Origin, name: String) throws {
    func fault(_ reason: String) -> ExploreError {
      ExploreError(
        .option("baseline"), "\(name): \(reason)",
        hint: "train it: pare train with the same architecture, --sparsity 0 --quantizer none",
        kind: .usage)
    }
    let network = dense.network
    guard network.architecture == model.network.architecture else {
      throw fault(
        "the architecture is \(network.architecture.name), and not \(model.network.architecture.name) "
          + "with the same features, activation and look-ahead")
    }
    guard network.scheme == .none else {
      throw fault("the weights are quantized (\(network.scheme))")
    }
    let pruned = network.mask.layers.reduce(0) { $0 + $1.count { !$0 } }
    guard pruned == 0 else { throw fault("\(pruned) weights are pruned away") }
    if let own = model.task, let other = dense.task {
      guard own.datasetHash == other.datasetHash, own.direction == other.direction else {
        throw fault(
          "it was trained on \(other.dataset) (\(other.direction)), and the model on \(own.dataset) (\(own.direction))"
        )
      }
    }
    var twin = dense
    twin.fixed = try network.fixed(to: .uniform(Self.format, for: network.architecture))
    if twin.fixed != dense.fixed {
      twin.training?.fixedValidationNMSEdB = nil
      twin.training?.fixedTestNMSEdB = nil
      twin.training?.seeds = nil
    }
    self.model = twin
    self.origin = origin
  }

  /// The options that the twin of a design is compiled with: its devices, clock and samples per clock, and no optimization.
  public static func options(like options: CompileOptions) -> CompileOptions {
    var plain = options
    plain.effort = .none
    plain.multipliers = .dsp(layers: [])
    return plain
  }

  /// Compiles the twin for the devices and the clock of a design.
  ///
  /// - Parameter path: of the folder to write.
  /// - Throws: as ``DesignFolder/compile(_:options:to:)``.
  public func compile(like design: DesignFolder, to path: String) throws -> DesignFolder {
    try DesignFolder.compile(
      .model(model), options: Self.options(like: design.manifest.options), to: path)
  }
}
