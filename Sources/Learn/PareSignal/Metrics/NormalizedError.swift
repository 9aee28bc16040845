import PareNumerics

/// Normalized mean squared error in dB, pooled over all channels and ranges: `10 log10(sum |p - t|² / sum |t|²)`.
///
/// - Parameters:
///   - prediction: planar channels, `[channel][time]`.
///   - target: the same shape.
///   - ranges: which samples count; all when absent.
/// - Precondition: equal shapes; the target is not zero throughout.
public func nmse(
  _ prediction: [[Float]], against target: [[Float]], in ranges: [Range<Int>]? = nil
) -> Double {
  precondition(prediction.count == target.count, "\(prediction.count) and \(target.count) channels")
  var error = 0.0
  var energy = 0.0
  for (p, t) in zip(prediction, target) {
    precondition(p.count == t.count, "\(p.count) predicted, \(t.count) wanted samples")
    for range in ranges ?? [0..<t.count] {
      for n in range {
        let difference = Double(p[n]) - Double(t[n])
        error += difference * difference
        energy += Double(t[n]) * Double(t[n])
      }
    }
  }
  precondition(energy > 0, "no error relative to a silent target")
  return decibels(error / energy)
}

/// Normalized mean squared error in dB, pooled over all channels and ranges, in double precision.
///
/// - Precondition: equal shapes; the target is not zero throughout.
public func nmse(
  _ prediction: [[Double]], against target: [[Double]], in ranges: [Range<Int>]? = nil
) -> Double {
  precondition(prediction.count == target.count, "\(prediction.count) and \(target.count) channels")
  var error = 0.0
  var energy = 0.0
  for (p, t) in zip(prediction, target) {
    precondition(p.count == t.count, "\(p.count) predicted, \(t.count) wanted samples")
    for range in ranges ?? [0..<t.count] {
      for n in range {
        let difference = p[n] - t[n]
        error += difference * difference
        energy += t[n] * t[n]
      }
    }
  }
  precondition(energy > 0, "no error relative to a silent target")
  return decibels(error / energy)
}

/// Normalized mean squared error of one signal against another in dB, pooled over all ranges.
public func nmse(
  _ output: IQSignal, against reference: IQSignal, in ranges: [Range<Int>]? = nil
) -> Double {
  nmse([output.i, output.q], against: [reference.i, reference.q], in: ranges)
}
