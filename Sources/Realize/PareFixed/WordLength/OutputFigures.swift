/// How far the outputs of a network in integers are from what they should be, on one set of samples.
public struct OutputFigures: Hashable, Sendable, Codable {
  /// Mean of `|output - target|²` per sample of a channel, in squared units of the output.
  public var meanSquaredError: Double
  /// The same against the network in floats: what the integers alone add.
  public var roundingError: Double
  /// Normalized mean squared error against the target, dB.
  public var nmse: Double
  /// In-band error, dB; absent for workloads that are no waveform.
  public var evm: Double?
  /// The worse of both sides, dBc; absent for workloads that are no waveform.
  public var aclr: Double?

  public init(
    meanSquaredError: Double, roundingError: Double, nmse: Double, evm: Double? = nil,
    aclr: Double? = nil
  ) {
    self.meanSquaredError = meanSquaredError
    self.roundingError = roundingError
    self.nmse = nmse
    self.evm = evm
    self.aclr = aclr
  }

  private enum CodingKeys: String, CodingKey {
    case meanSquaredError, roundingError
    case nmse = "nmseDB"
    case evm = "evmDB"
    case aclr = "aclrDBc"
  }
}

/// A figure in decibels of which word lengths may cost a little.
public enum LossMetric: String, Hashable, Sendable, Codable, CaseIterable {
  case nmse
  case evm
  case aclr

  /// The figure; nil where it was not measured.
  public func callAsFunction(_ figures: OutputFigures) -> Double? {
    switch self {
    case .nmse: figures.nmse
    case .evm: figures.evm
    case .aclr: figures.aclr
    }
  }
}
