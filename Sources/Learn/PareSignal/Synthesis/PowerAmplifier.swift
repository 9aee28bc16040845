/// A power amplifier as a function on sampled signals.
public protocol PowerAmplifier: Sendable {
  /// Name as typed on the command line.
  var name: String { get }
  /// One sentence with the publication.
  var about: String { get }
  /// Input magnitude at which the amplifier is clearly nonlinear but its model is still to be trusted.
  var nominalPeak: Double { get }

  /// Whole samples by which the output lags in band, which a measuring bench would take out.
  var groupDelay: Int { get }

  /// The output for an input, of the same length; the past before the first sample is zero.
  func amplify(_ input: IQSignal) -> IQSignal
}

/// The amplifiers that come with Pare, by name.
public enum PublishedAmplifiers {
  public static let all: [any PowerAmplifier] = [
    MemoryPolynomialAmplifier(), WienerHammersteinAmplifier(),
  ]

  /// The amplifier of a name, or nil.
  public static func amplifier(named name: String) -> (any PowerAmplifier)? {
    all.first { $0.name == name }
  }
}
