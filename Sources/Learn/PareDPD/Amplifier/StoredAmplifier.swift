/// An amplifier model that has a file of its own.
public protocol StoredAmplifier: DifferentiableAmplifier {
  /// Real numbers that were fitted.
  var parameterCount: Int { get }

  /// The text of the model's file; equal models give equal bytes.
  ///
  /// - Parameter origin: what it was fitted to, for readers.
  func json(origin: String) -> String
}

extension VolterraAmplifier: StoredAmplifier {
  public var parameterCount: Int { 2 * terms.count }
}

extension ConvolutionalAmplifier: StoredAmplifier {
  public var parameterCount: Int { parameters.count }
}
