public import PareSignal

/// A model of a power amplifier that can be linearized around any drive.
///
/// Complex samples, volts normalized to full scale; outputs have the length of the input, and the past is zero.
public protocol DifferentiableAmplifier: Sendable {
  var name: String { get }

  /// The output for an input.
  func amplify(_ input: IQSignal) -> IQSignal

  /// The output together with the derivative at this input.
  func tangent(at input: IQSignal) -> any AmplifierTangent
}

/// The derivative of an amplifier at one drive, applied forward.
public protocol AmplifierTangent: Sendable {
  /// What the amplifier gives at the drive itself.
  var output: IQSignal { get }

  /// `d/de amplify(drive + e * direction)` at e = 0. Real-linear, not complex-linear.
  ///
  /// - Precondition: `direction` has the drive's length.
  func derivative(along direction: IQSignal) -> IQSignal
}
