public import PareQoR

/// A figure of a candidate by which candidates are compared.
///
/// Figures of the cost model come from the compiled datapath, before any synthesis. Where a stage of implementation is asked for
/// (``ImplementedFigures``), those that tools report take their place, and the last five exist there alone.
public enum Metric: String, Hashable, Sendable, Codable, CaseIterable {
  /// NMSE in dB of the network in integers on the validation split: what selection goes by.
  case nmse
  /// The same on the test split, which nothing is selected by.
  case testNMSE
  /// NMSE in dB of the quantized network in floats, on the validation split.
  case floatNMSE
  /// The same on the test split.
  case floatTestNMSE
  /// Of a predistorter, in dB: half the gain in EVM (or in the error of the band) and half the gain of the worse ACLR side over no
  /// predistortion, in integers through models of the amplifier, the least over them, on the validation split.
  case quality
  /// The same on the test split.
  case testQuality
  /// Weights that are not 0 once quantized; biases are not counted.
  case nnz
  /// Weights of the architecture.
  case weights
  /// Products per sample that are no shift: weights with more than one signed digit, and products of signals. What a
  /// design without shift-add logic would multiply.
  case multiplications
  /// Two-input adders of the compiled datapath.
  case adders
  /// Full-adder cells of these.
  case adderBits
  /// Register bits of the pipelined datapath, those of shift registers in tables included.
  case registerBits
  /// Bits of all tables.
  case tableBits
  /// Lookup tables of an UltraScale+ part, by the model of cells.
  case lut
  /// Clocks from an accepted sample to its result.
  case latency
  /// Dynamic power in watts, typical, by the power model on toggles of the datapath.
  case power
  /// Hidden channels, the widest layer's.
  case channels
  /// Convolutions, the output layer included (the paper's hidden layers).
  case convolutions
  case kernelSize
  /// Fraction of the weights that pruning was asked to remove.
  case sparsity
  /// Flip-flops of an implementation.
  case ff
  /// DSP blocks of an implementation.
  case dsp
  /// Block memories of an implementation.
  case bram
  /// The clock of a placed and routed design in MHz, the best seed's.
  case fmax
  /// Dynamic energy of an implementation for each sample, in joules.
  case energy

  /// What follows a figure in a table; empty for a count.
  public var unit: String {
    switch self {
    case .nmse, .testNMSE, .floatNMSE, .floatTestNMSE, .quality, .testQuality: "dB"
    case .power: "W"
    case .latency: "clocks"
    case .fmax: "MHz"
    case .energy: "J"
    case .nnz, .weights, .multiplications, .adders, .adderBits, .registerBits, .tableBits, .lut,
      .channels, .convolutions, .kernelSize, .sparsity, .ff, .dsp, .bram:
      ""
    }
  }

  /// What tools report in the place of the cost model's figure; nil where they report nothing.
  public var figure: FigureName? {
    switch self {
    case .lut: .lut
    case .latency: .latencyClocks
    case .power: .powerDynamicW
    case .ff: .ff
    case .dsp: .dsp
    case .bram: .bram
    case .fmax: .fmaxMHz
    case .energy: .energyPerSampleJ
    case .nmse, .testNMSE, .floatNMSE, .floatTestNMSE, .quality, .testQuality, .nnz, .weights,
      .multiplications, .adders, .adderBits, .registerBits, .tableBits, .channels, .convolutions,
      .kernelSize, .sparsity:
      nil
    }
  }

  /// Whether only an implementation has the figure.
  public var isImplemented: Bool {
    switch self {
    case .ff, .dsp, .bram, .fmax, .energy: true
    case .nmse, .testNMSE, .floatNMSE, .floatTestNMSE, .quality, .testQuality, .nnz, .weights,
      .multiplications, .adders, .adderBits, .registerBits, .tableBits, .lut, .latency, .power,
      .channels, .convolutions, .kernelSize, .sparsity:
      false
    }
  }

  /// Whether the cost model's figure comes from a model of hardware and not from a count.
  public var isEstimate: Bool { self == .power || self == .lut }

  /// Whether more is better, unless an objective says otherwise.
  public var isMaximized: Bool {
    [.sparsity, .fmax, .quality, .testQuality].contains(self)
  }
}

/// Figures of one candidate.
public struct Metrics: Hashable, Sendable {
  /// In the order of ``Metric/allCases``; NaN where there is none.
  private var values: [Double]

  public init() { values = Array(repeating: .nan, count: Metric.allCases.count) }

  public subscript(metric: Metric) -> Double? {
    get {
      let value = values[Self.place[metric]!]
      return value.isNaN ? nil : value
    }
    set { values[Self.place[metric]!] = newValue ?? .nan }
  }

  private static let place = Dictionary(
    uniqueKeysWithValues: Metric.allCases.enumerated().map { ($1, $0) })

  /// NaN, which stands for no figure, equals itself here.
  public static func == (left: Metrics, right: Metrics) -> Bool {
    zip(left.values, right.values).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
  }

  public func hash(into hasher: inout Hasher) {
    for metric in Metric.allCases { hasher.combine(self[metric]) }
  }
}
