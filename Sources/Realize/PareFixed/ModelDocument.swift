import PareNetwork
import PareNumerics
import PareText

/// The layout of `model.json`: nested arrays that a reader in any language can index as `weights[out][in][tap]`.
///
/// Pare writes every member; a file from elsewhere may leave out `quantizer`, `mask`, `scaleExponents` and `fixed`, but only
/// all of them, so that a misspelt member is never taken for an absent one.
struct ModelDocument: Codable {
  struct FloatLayer: Codable {
    var weights: [[[Float]]]
    /// 1 for a weight that pruning kept, else 0; absent when those are the weights that are not 0.
    var mask: [[[Int]]]?
    var biases: [Float]
    /// Signed digits `[sign, exponent]` of every weight; absent without a quantizer.
    var digits: [[[[[Int]]]]]?
    /// Absent when all are 0.
    var scaleExponents: [Int]?
  }

  struct Format: Codable {
    var wordLength: Int
    var integerBits: Int
    var isSigned: Bool

    init(_ format: WordFormat) {
      wordLength = format.wordLength
      integerBits = format.integerBits
      isSigned = format.isSigned
    }

    func format(_ path: String) throws(FixedError) -> WordFormat {
      guard (1...63).contains(wordLength), (-64...64).contains(integerBits) else {
        throw FixedError(
          .format(tensor: path), "'\(path)' is <\(wordLength),\(integerBits)>",
          hint: "word lengths are 1 to 63 bits")
      }
      return WordFormat(wordLength: wordLength, integerBits: integerBits, isSigned: isSigned)
    }
  }

  struct Table: Codable {
    var shift: Int
    var values: [Int64]

    init(_ table: OddTable) {
      shift = table.shift
      values = table.values
    }
  }

  /// How an exact number becomes a word.
  struct Requantization: Codable {
    var resultFormat: Format
    var rounding: Rounding
    var overflow: Overflow

    init(_ requantizer: Requantizer) {
      resultFormat = Format(requantizer.format)
      rounding = requantizer.rounding
      overflow = requantizer.overflow
    }

    func requantizer(_ path: String) throws(FixedError) -> Requantizer {
      Requantizer(
        to: try resultFormat.format("\(path).resultFormat"), rounding: rounding,
        overflow: overflow)
    }
  }

  struct IntegerLayer: Codable {
    var taps: [[[Int64]]]
    var biases: [Int64]
    var accumulatorFractionBits: Int
    var activation: String
    var table: Table?
    var resultFormat: Format
    var rounding: Rounding
    var overflow: Overflow
  }

  struct IntegerBranch: Codable {
    var taps: [[[Int64]]]
  }

  struct Fixed: Codable {
    var inputFormat: Format
    /// Absent without features that need them.
    var envelopes: [Requantization]?
    var products: [Requantization]?
    /// From words of `|x|^2` to words of `|x|`; absent without features that need it.
    var magnitude: Table?
    var layers: [IntegerLayer]
    var branch: IntegerBranch?
  }

  var schemaVersion: Int
  var generator: String
  var task: ModelFile.Task?
  var training: ModelFile.Training?
  var architecture: Architecture
  /// Absent for none.
  var quantizer: QuantizationScheme?
  var layers: [FloatLayer]
  /// Absent for the integers of the format <16,6>.
  var fixed: Fixed?
}

// MARK: - From a model

extension ModelDocument {
  init(_ model: ModelFile) {
    schemaVersion = ModelFile.schemaVersion
    generator = model.generator
    task = model.task
    training = model.training
    architecture = model.network.architecture
    quantizer = model.network.scheme
    layers = zip(model.network.layers, model.network.mask.layers).map { layer, kept in
      FloatLayer(
        weights: layer.shape.nested(layer.weights),
        mask: layer.shape.nested(kept.map { $0 ? 1 : 0 }), biases: layer.biases,
        digits: layer.digits.map { lists in
          layer.shape.nested(
            lists.map { $0.map { [$0.isNegative ? -1 : 1, $0.exponent] } })
        },
        scaleExponents: layer.scaleExponents)
    }
    func list(_ requantizers: [Requantizer]) -> [Requantization]? {
      requantizers.isEmpty ? nil : requantizers.map(Requantization.init)
    }
    fixed = Fixed(
      inputFormat: Format(model.fixed.inputFormat), envelopes: list(model.fixed.features.envelopes),
      products: list(model.fixed.features.products),
      magnitude: model.fixed.features.magnitude.map(Table.init),
      layers: model.fixed.layers.map { layer in
        IntegerLayer(
          taps: layer.shape.nested(layer.taps), biases: layer.biases,
          accumulatorFractionBits: layer.accumulatorFractionBits,
          activation: layer.activation.name, table: layer.activation.table,
          resultFormat: Format(layer.result.format), rounding: layer.result.rounding,
          overflow: layer.result.overflow)
      }, branch: model.fixed.branch.map { IntegerBranch(taps: $0.shape.nested($0.taps)) })
  }
}

extension FixedActivation {
  /// The word that `model.json` has for it.
  fileprivate var name: String {
    switch self {
    case .identity: "identity"
    case .relu: Activation.relu.rawValue
    case .leakyReLU(let shift): Activation.leakyReLU(shift: shift).rawValue
    case .hardTanh: Activation.hardTanh.rawValue
    case .lookup: "lookup"
    }
  }

  fileprivate var table: ModelDocument.Table? {
    guard case .lookup(let odd) = self else { return nil }
    return ModelDocument.Table(odd)
  }
}

extension LayerShape {
  /// A flat `[out][in][tap]` array as nested arrays.
  func nested<Value>(_ flat: [Value]) -> [[[Value]]] {
    (0..<outputChannels).map { output in
      (0..<inputChannels).map { input in
        let start = index(output: output, input: input, tap: 0)
        return Array(flat[start..<(start + kernelSize)])
      }
    }
  }

  /// Nested arrays of exactly this shape as a flat array; nil when a size differs.
  func flattened<Value>(_ nested: [[[Value]]]) -> [Value]? {
    guard nested.count == outputChannels,
      nested.allSatisfy({ row in
        row.count == inputChannels && row.allSatisfy { $0.count == kernelSize }
      })
    else { return nil }
    return Array(nested.joined().joined())
  }
}
