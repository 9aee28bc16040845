import PareFixed
import PareNetwork
import PareNumerics
import PareText

/// One convolution of the stack as the generated code has it.
struct LayerPlan {
  let index: Int
  let layer: FixedLayer
  let fir: FIRPlan
  let inputType: NumberType
  let sumType: NumberType
  /// What the activation makes of a sum, where that is finer.
  let activeType: NumberType
  let resultType: NumberType
  let isOutput: Bool

  var name: String { "layer\(index)" }
  var past: String { "\(name)_past" }
  var samples: String { "\(name)_samples" }
  var weightType: String { "weight\(index)_t" }
  var productType: String { "product\(index)_t" }
  var multiply: String { "multiply\(index)" }
  var activate: String { "activate\(index)" }
  var table: String { "tanh\(index)_table" }
}

/// What the output adds from the signal itself: the linear branch and the skip.
struct DirectPlan {
  /// Absent without a branch.
  let fir: FIRPlan?
  /// Samples by which the skip is delayed; nil without a skip.
  let skipDelay: Int?
  let inputType: NumberType
  let sumType: NumberType
  let channels: Int
  let index: Int

  var depth: Int { max(fir?.depth ?? 0, skipDelay.map { $0 + 1 } ?? 0) }
  var name: String { "direct" }
  var past: String { "direct_past" }
  var samples: String { "direct_samples" }
  var weightType: String { "weight_direct_t" }
  var productType: String { "product_direct_t" }
  var multiply: String { "multiply_direct" }
}

/// Everything that the text of a design is written from.
struct NetworkPlan {
  let name: String
  let network: FixedNetwork
  let options: HLSOptions
  let signalType: NumberType
  /// In the order in which they are computed.
  let envelopes: [EnvelopePlan]
  /// Of the features that are a product, in their order.
  let productTypes: [NumberType]
  /// Holds every feature; the signal's own type when the features are its channels.
  let featureType: NumberType
  let layers: [LayerPlan]
  let direct: DirectPlan?

  var architecture: Architecture { network.architecture }
  var lookAhead: Int { architecture.futureSamples }
  var space: String { "\(name)_hls" }
  /// Whether the first layer reads the signal's channels as they are.
  var hasPlainFeatures: Bool {
    architecture.features == (0..<architecture.inputChannels).map { .signal($0) }
  }
  var directives: Directives { options.directives }

  init(_ network: FixedNetwork, named name: String, options: HLSOptions) throws(HLSError) {
    try Self.check(name: name)
    try options.check()
    self.name = name
    self.network = network
    self.options = options
    let shape = network.architecture
    signalType = NumberType("signal_t", network.inputFormat, comment: "a channel of the signal")
    envelopes = EnvelopePlan.all(of: network)
    var products = network.features.products[...]
    productTypes = shape.features.filter(\.isProduct).map { feature in
      NumberType(
        "feature_\(feature.label)_t", products.removeFirst(), comment: feature.description)
    }
    let isPlain = shape.features == (0..<shape.inputChannels).map { .signal($0) }
    featureType =
      isPlain
      ? signalType
      : NumberType(
        "feature_t", holding: network.inputFormats(ofLayer: 0),
        comment: "any feature, without a change")

    var layers: [LayerPlan] = []
    let count = shape.layerCount
    for (index, layer) in network.layers.enumerated() {
      let isOutput = index == network.layers.count - 1
      let fir = try FIRPlan(
        layer.taps, layer.shape, lag: isOutput ? network.stackLag : 0,
        inputs: network.inputFormats(ofLayer: index),
        accumulatorFractionBits: layer.accumulatorFractionBits,
        kernel: options.kernel(ofLayer: index, of: count), layer: index)
      let input = layers.last?.resultType ?? featureType
      let sumType = Self.sumType(
        network, index, input: input, signal: isOutput ? signalType : nil)
      let extra = layer.activeFractionBits - layer.accumulatorFractionBits
      layers.append(
        LayerPlan(
          index: index, layer: layer, fir: fir, inputType: input, sumType: sumType,
          activeType: NumberType(
            "active\(index)_t", wordLength: sumType.wordLength + extra,
            integerBits: sumType.integerBits, comment: "a sum with room for the slope"),
          resultType: NumberType(
            isOutput ? "result_t" : "hidden\(index)_t", layer.result,
            comment: isOutput ? "a channel of the result" : "a result of layer \(index)"),
          isOutput: isOutput))
    }
    self.layers = layers
    var direct: DirectPlan?
    if network.branch != nil || shape.hasSkip {
      let last = layers[layers.count - 1]
      var fir: FIRPlan?
      if let branch = network.branch {
        fir = try FIRPlan(
          branch.taps, branch.shape, lag: network.branchLag,
          inputs: Array(repeating: network.inputFormat, count: shape.inputChannels),
          accumulatorFractionBits: last.layer.accumulatorFractionBits,
          kernel: options.kernel(ofLayer: layers.count, of: count), layer: layers.count)
      }
      direct = DirectPlan(
        fir: fir, skipDelay: shape.hasSkip ? shape.futureSamples : nil, inputType: signalType,
        sumType: last.sumType, channels: shape.outputChannels, index: layers.count)
    }
    self.direct = direct
    for type in types { try type.check() }
  }

  /// All types of the design, in the order in which the signal meets them.
  var types: [NumberType] {
    var types = [signalType] + envelopes.map(\.type) + productTypes
    if !hasPlainFeatures { types.append(featureType) }
    for plan in layers {
      types += firTypes(plan.fir, plan.weightType, plan.productType, input: plan.inputType)
      types.append(plan.sumType)
      if plan.activeType.wordLength != plan.sumType.wordLength { types.append(plan.activeType) }
      types.append(plan.resultType)
    }
    if let direct, let fir = direct.fir {
      types += firTypes(fir, direct.weightType, direct.productType, input: direct.inputType)
    }
    return types
  }

  private func firTypes(
    _ fir: FIRPlan, _ weight: String, _ product: String, input: NumberType
  ) -> [NumberType] {
    guard fir.kernel == .multiply, !fir.taps.isEmpty else { return [] }
    let integer = fir.weightBits - fir.weightFractionBits
    return [
      NumberType(
        weight, wordLength: fir.weightBits, integerBits: integer, comment: "a weight"),
      NumberType(
        product, wordLength: input.wordLength + fir.weightBits,
        integerBits: input.integerBits + integer, comment: "an exact product"),
    ]
  }

  /// A type in which a layer's sums, and every word that joins them, are exact.
  private static func sumType(
    _ network: FixedNetwork, _ index: Int, input: NumberType, signal: NumberType?
  ) -> NumberType {
    let layer = network.layers[index]
    let fraction = layer.accumulatorFractionBits
    // 2^exponent <= bound < 2^(exponent + 1), one bit for the sign; a bound that was rounded down to a power still fits.
    let bound = network.bounds(ofLayer: index).max()!
    var integer = bound < 1 ? 1 - fraction : Int(bound.exponent) + 2 - fraction
    // Words are widened to the type before they are shifted down.
    for type in [input, signal].compactMap({ $0 }) {
      integer = max(integer, type.integerBits + (type.isSigned ? 0 : 1))
    }
    // The vendor's numbers cannot be rounded to places above their highest bit.
    integer = max(integer, 2 - layer.result.format.fractionBits)
    // The limits of the hard tanh are +-1.
    if layer.activation == .hardTanh { integer = max(integer, 2) }
    integer = max(integer, 1 - fraction)
    return NumberType(
      "sum\(index)_t", wordLength: integer + fraction, integerBits: integer,
      comment: "an exact sum of layer \(index)")
  }

  private static func check(name: String) throws(HLSError) {
    let isIdentifier = name.wholeMatch(of: #/[A-Za-z][A-Za-z0-9_]*/#) != nil && name.count <= 64
    guard isIdentifier, !name.contains("__"), !reserved.contains(name) else {
      throw HLSError(
        .badName(name), "'\(name)' is not a name for a top function",
        hint:
          "use at most 64 letters, digits and single underscores, a letter first, no keyword of C++ or Verilog"
      )
    }
  }

  /// Keywords of C++14, of Verilog as far as they are not, and names that the generated files use.
  private static let reserved: Set<String> = [
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break",
    "case", "catch", "char", "char16_t", "char32_t", "class", "compl", "const", "const_cast",
    "constexpr", "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast",
    "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto",
    "if", "inline", "int", "long", "main", "mutable", "namespace", "new", "noexcept", "not",
    "not_eq", "nullptr", "operator", "or", "or_eq", "private", "protected", "public", "register",
    "reinterpret_cast", "return", "short", "signed", "sizeof", "static", "static_assert",
    "static_cast", "struct", "switch", "template", "this", "thread_local", "throw", "true", "try",
    "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile",
    "wchar_t", "while", "xor", "xor_eq",
    "always", "assign", "begin", "buf", "casex", "casez", "deassign", "disable", "edge", "end",
    "endcase", "endfunction", "endmodule", "event", "force", "forever", "fork", "function",
    "generate", "genvar", "initial", "inout", "input", "integer", "join", "module", "nand",
    "negedge", "nor", "output", "parameter", "posedge", "pull0", "pull1", "real", "reg",
    "release", "repeat", "supply0", "supply1", "task", "time", "tri", "wait", "wand", "wire",
    "wor", "xnor",
    "EOF", "NULL", "ap_fixed", "ap_int", "ap_ufixed", "ap_uint", "assert", "errno", "hls",
    "pare_ap", "pare_bench", "std", "stdin", "stdout", "stderr",
  ]
}
