import PareNetwork

/// The flat part of a ledger row: all that selection and plots need, quick to read a hundred thousand times.
public struct CandidateSummary: Hashable, Sendable {
  public let key: String
  /// The point's short name.
  public let name: String
  /// `none`, `pot:4`, `apot:2:4` ...
  public let quantizer: String
  /// `relu`, `tanh` ...
  public let activation: String
  /// Of each hidden convolution, as in `8` or `8x4`.
  public let hiddenChannels: String
  /// Those of shape included.
  public let metrics: Metrics

  public init(
    key: String, name: String, quantizer: String, activation: String, hiddenChannels: String,
    metrics: Metrics
  ) {
    self.key = key
    self.name = name
    self.quantizer = quantizer
    self.activation = activation
    self.hiddenChannels = hiddenChannels
    self.metrics = metrics
  }

  /// The summary of a finished candidate.
  public init(_ candidate: Candidate) {
    let architecture = candidate.point.architecture
    let widths = architecture.hiddenChannels
    self.init(
      key: candidate.key, name: candidate.name,
      quantizer: candidate.point.quantizer.description,
      activation: architecture.activation.rawValue,
      hiddenChannels: Set(widths).count < 2
        ? "\(widths.first ?? 0)" : widths.map(String.init).joined(separator: "x"),
      metrics: candidate.metrics)
  }
}
