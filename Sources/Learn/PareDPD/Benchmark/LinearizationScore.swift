/// How well a drive makes an amplifier linear. All in dB; lower is better, but for the power's error.
public struct LinearizationScore: Hashable, Sendable {
  /// Energy of the output's error over that of the target.
  public let nmse: Double
  /// Error of the symbols of all carriers after one common complex gain; nil where no whole symbol is.
  public let evm: Double?
  /// Error in the band over the target in the band, from power spectra.
  public let bandError: Double
  /// Power of the channel below the band over that of the strongest carrier.
  public let aclrLower: Double
  public let aclrUpper: Double
  /// Power of the output over that of the target.
  public let powerError: Double

  public var aclr: Double { max(aclrLower, aclrUpper) }

  /// Whether the output power is within half a dB of the target's, without which a score does not count.
  public var isFeasible: Bool { abs(powerError) <= 0.5 }

  /// Half the gain of EVM and half the gain of the worse ACLR side over a baseline, in dB; the band's error stands in for
  /// the EVM where one of the two has none.
  public func quality(over baseline: LinearizationScore) -> Double {
    let inBand: Double
    if let evm, let base = baseline.evm {
      inBand = base - evm
    } else {
      inBand = baseline.bandError - bandError
    }
    return 0.5 * inBand + 0.5 * (baseline.aclr - aclr)
  }
}
