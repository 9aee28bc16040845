import PareNumerics

/// AM/AM and AM/PM of an amplifier: gain and phase shift against the input's magnitude, as data for a plot.
///
/// Every sample belongs to the bin of its input magnitude `|x|`. Within a bin all averages weigh a sample by `|x|²`, so that
/// noise counts least where the signal is smallest:
///
/// - gain: `sum |x| |y| / sum |x|²`, the mean of `|y / x|`, over the magnitude of the reference gain;
/// - phase: the angle of `sum y conj(x)`, less that of the reference gain; angles are averaged as phasors, so a mean near
///   ±180° comes out right;
/// - deviations: root mean square distance of the samples from these means. Memory shows as deviation; a memoryless
///   amplifier has next to none.
///
/// Units: magnitudes as the signals are (full scale 1), gains in dB, phases in degrees.
public struct AmplitudeCharacteristic: Hashable, Sendable, Codable {
  /// How the range of input magnitudes is cut.
  public enum Axis: Hashable, Sendable, Codable {
    /// Bins of equal width from 0 to the largest magnitude.
    case linear(bins: Int)
    /// Bins of equal width in dB below the largest magnitude, over `range` dB; smaller samples are left out.
    case decibels(range: Double, bins: Int)
  }

  /// The samples of one range of input magnitudes.
  public struct Bin: Hashable, Sendable, Codable {
    /// Half-open `[lower, upper)`; the last bin takes its upper end, too.
    public let lower: Double
    public let upper: Double
    /// Root mean square of the input magnitudes inside.
    public let input: Double
    /// In dB, relative to the reference gain.
    public let gain: Double
    /// One standard deviation above the mean gain, in dB over it.
    public let gainDeviation: Double
    /// In degrees, -180...180, relative to the reference gain.
    public let phase: Double
    /// In degrees.
    public let phaseDeviation: Double
    public let count: Int

    private enum CodingKeys: String, CodingKey {
      case lower, upper, input, count
      case gain = "gainDB"
      case gainDeviation = "gainDeviationDB"
      case phase = "phaseDegrees"
      case phaseDeviation = "phaseDeviationDegrees"
    }
  }

  public let reference: ReferenceGain
  public let axis: Axis
  /// Rising; ranges without any sample are left out.
  public let bins: [Bin]

  /// - Parameter convention: what gain counts as 0 dB and 0°.
  /// - Throws: ``SignalError`` when lengths differ, a signal is silent, or the axis is not possible.
  public init(
    from input: IQSignal, to output: IQSignal, convention: GainConvention = .leastSquares,
    axis: Axis = .decibels(range: 40, bins: 80)
  ) throws(SignalError) {
    let reference = try ReferenceGain(convention, from: input, to: output)
    let borders = try Self.borders(axis, peak: input.peak)
    var members = [[Int]](repeating: [], count: borders.count - 1)
    for n in 0..<input.count {
      let magnitude = input[n].magnitude
      guard magnitude > 0, let bin = Self.place(of: magnitude, in: borders) else { continue }
      members[bin].append(n)
    }
    self.reference = reference
    self.axis = axis
    bins = members.indices.compactMap { bin in
      members[bin].isEmpty
        ? nil
        : Bin(
          borders[bin]..<borders[bin + 1], members[bin], from: input, to: output,
          reference: reference.value)
    }
  }

  private static func borders(_ axis: Axis, peak: Double) throws(SignalError) -> [Double] {
    func bad(_ reason: String) -> SignalError { SignalError(.badPlan(reason: reason)) }
    let count: Int
    switch axis {
    case .linear(let bins): count = bins
    case .decibels(let range, let bins):
      guard range > 0, range <= 200 else {
        throw bad("a range of \(range) dB for AM/AM is not possible")
      }
      count = bins
    }
    guard (1...100_000).contains(count) else {
      throw bad("\(count) bins of AM/AM are not possible")
    }
    return (0...count).map { index in
      switch axis {
      case .linear: index == count ? peak : peak * Double(index) / Double(count)
      case .decibels(let range, _):
        index == count
          ? peak
          : peak * amplitudeRatio(decibels: -range * Double(count - index) / Double(count))
      }
    }
  }

  /// The bin of a magnitude by bisection, or nil below the first border.
  private static func place(of magnitude: Double, in borders: [Double]) -> Int? {
    guard magnitude >= borders[0] else { return nil }
    var (low, high) = (0, borders.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if borders[middle] <= magnitude { low = middle } else { high = middle }
    }
    return low
  }
}

extension AmplitudeCharacteristic.Bin {
  fileprivate init(
    _ range: Range<Double>, _ members: [Int], from input: IQSignal, to output: IQSignal,
    reference: Complex
  ) {
    var (energy, magnitudes) = (0.0, 0.0)
    var product = Complex.zero
    for n in members {
      let (x, y) = (input[n], output[n])
      energy += x.squaredMagnitude
      magnitudes += x.magnitude * y.magnitude
      product = product + y * x.conjugate
    }
    let mean = magnitudes / energy
    var (gainSpread, phaseSpread) = (0.0, 0.0)
    for n in members {
      let (x, y) = (input[n], output[n])
      let difference = y.magnitude - mean * x.magnitude
      gainSpread += difference * difference
      let turn = angle(of: y * x.conjugate * product.conjugate)
      phaseSpread += x.squaredMagnitude * turn * turn
    }
    let deviation = (gainSpread / energy).squareRoot()
    lower = range.lowerBound
    upper = range.upperBound
    self.input = (energy / Double(members.count)).squareRoot()
    gain = decibels(mean * mean / reference.squaredMagnitude)
    gainDeviation = mean > 0 ? 2 * decibels(1 + deviation / mean) : 0
    phase = angle(of: product * reference.conjugate)
    phaseDeviation = (phaseSpread / energy).squareRoot()
    count = members.count
  }
}
