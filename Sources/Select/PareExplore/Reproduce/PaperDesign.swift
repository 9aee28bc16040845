public import PareNetwork

/// A row of the paper's second table: a network of two convolutions, and what its authors report of it on a ZCU104.
public struct PaperDesign: Hashable, Sendable {
  public let kernelSize: Int
  public let hiddenChannels: Int
  /// Fraction of the weights that is pruned away.
  public let sparsity: Double
  public let quantizer: QuantizationScheme
  /// As published; LUT and FF of five of the six rows exceed the part.
  public let published: Published

  public struct Published: Hashable, Sendable, Codable {
    public let dsp: Int
    public let ff: Int
    public let lut: Int
    /// Total, static power included.
    public let powerW: Double
  }

  /// The paper's name, `kernel_hidden layers_channels_pruning`, such as `5_1_4_95`.
  public var name: String {
    "\(kernelSize)_1_\(hiddenChannels)_\(Int((sparsity * 100).rounded()))"
  }

  /// The six rows, in the paper's order.
  public static let tableTwo: [PaperDesign] = [
    PaperDesign(5, 4, 0.95, .apot(), Published(dsp: 0, ff: 36_831, lut: 439_933, powerW: 0.77)),
    PaperDesign(5, 4, 0, .none, Published(dsp: 40, ff: 82_286, lut: 557_820, powerW: 1.2)),
    PaperDesign(7, 4, 0.30, .none, Published(dsp: 38, ff: 32_901, lut: 321_813, powerW: 1.07)),
    PaperDesign(7, 4, 0, .none, Published(dsp: 50, ff: 17_050, lut: 71_555, powerW: 1.1)),
    PaperDesign(3, 4, 0.99, .apot(), Published(dsp: 0, ff: 77_040, lut: 711_369, powerW: 0.95)),
    PaperDesign(3, 4, 0, .none, Published(dsp: 25, ff: 152_828, lut: 990_968, powerW: 1.395)),
  ]

  private init(
    _ kernelSize: Int, _ hiddenChannels: Int, _ sparsity: Double, _ quantizer: QuantizationScheme,
    _ published: Published
  ) {
    self.kernelSize = kernelSize
    self.hiddenChannels = hiddenChannels
    self.sparsity = sparsity
    self.quantizer = quantizer
    self.published = published
  }

  /// Whether a candidate of a sweep is this network, with a given activation.
  func matches(_ point: DesignPoint, activation: Activation) -> Bool {
    let architecture = point.architecture
    return architecture.kernelSize == kernelSize
      && architecture.hiddenChannels == [hiddenChannels]
      && architecture.activation == activation && point.sparsity == sparsity
      && point.quantizer == quantizer
  }

  /// The same network with all its weights and no quantizer.
  var dense: PaperDesign {
    PaperDesign(kernelSize, hiddenChannels, 0, .none, published)
  }
}
