import PareNumerics
import PareSignal

/// Takes the carriers of a capture apart and gives their symbols.
///
/// Each carrier is mixed to 0, cut out with a brick wall over the whole split, and transformed where its symbol lies.
struct CarrierReceiver: Sendable {
  private let calibration: BenchmarkCalibration
  private let start: Int
  private let window: Range<Int>

  init(_ calibration: BenchmarkCalibration) {
    self.calibration = calibration
    let split = calibration.windows[.test]!
    start = split.sourceStart
    window = split.metricStart..<split.metricStop
  }

  /// Symbols of all carriers, one after the other.
  func symbols(of signal: IQSignal) throws -> IQSignal {
    let count = signal.count
    let whole = FourierTransform(count: count)
    let size = calibration.symbolLength
    let symbol = FourierTransform(count: size)
    var result = (re: [Double](), im: [Double]())
    for carrier in calibration.carriers {
      var (re, im) = (signal.i, signal.q)
      for n in 0..<count {
        let turn = unitPhasor(
          turns: carrier.frequencyShift * Double(n + start) / calibration.sampleRate)
        (re[n], im[n]) = (re[n] * turn.re - im[n] * turn.im, re[n] * turn.im + im[n] * turn.re)
      }
      whole.forward(&re, &im)
      for k in 0..<count {
        let place = Double(k < (count + 1) / 2 ? k : k - count)
        if abs(place) * calibration.sampleRate / Double(count) > carrier.halfBandwidth {
          re[k] = 0
          im[k] = 0
        }
      }
      whole.inverse(&re, &im)
      let offsets = carrier.starts.map { $0 - start }
        .filter { $0 >= window.lowerBound && $0 + size <= window.upperBound }
      guard !offsets.isEmpty else {
        throw PredistortionError(
          .badCalibration(path: "calibration", reason: "a carrier has no whole symbol"))
      }
      for offset in offsets {
        var part = (re: Array(re[offset..<offset + size]), im: Array(im[offset..<offset + size]))
        symbol.forward(&part.re, &part.im)
        for bin in carrier.occupiedBins {
          result.re.append(part.re[bin])
          result.im.append(part.im[bin])
        }
      }
    }
    return IQSignal(i: result.re, q: result.im)
  }

  /// Error of the symbols after one complex gain, in dB.
  func error(of output: IQSignal, wanted: IQSignal) throws -> Double {
    let measured = try symbols(of: output)
    var product = Complex.zero
    for n in 0..<wanted.count { product = product + wanted[n].conjugate * measured[n] }
    let energy = wanted.energy()
    let gain = (1 / energy) * product
    let power = gain.squaredMagnitude * energy
    guard power > 1e-24 * energy else { return 0 }
    return decibels((measured - wanted.scaled(by: gain)).energy() / power)
  }
}
