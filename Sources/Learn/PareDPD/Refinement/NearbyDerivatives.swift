import PareSignal

/// The derivatives of amplifiers at the last drive that was far from the one before.
final class NearbyDerivatives {
  /// Energy of a move over that of the drive up to which derivatives are kept.
  private let nearness: Double
  private var drive: IQSignal?
  private var jacobians: [BandedJacobian] = []

  init(nearness: Double = 1e-4) { self.nearness = nearness }

  /// The derivatives at a drive, or at one that is near.
  func around(
    _ drive: IQSignal, of amplifiers: [any DifferentiableAmplifier]
  ) throws -> [BandedJacobian] {
    if let old = self.drive, (drive - old).energy() <= nearness * drive.energy() {
      return jacobians
    }
    self.drive = nil
    jacobians = try amplifiers.map { try BandedJacobian($0.tangent(at: drive)) }
    self.drive = drive
    return jacobians
  }
}
