import PareNumerics

/// A sampled complex baseband signal: in-phase and quadrature, volts normalized to full scale.
public struct IQSignal: Hashable, Sendable {
  public let i: [Double]
  public let q: [Double]

  public var count: Int { i.count }
  public var isEmpty: Bool { i.isEmpty }

  /// - Precondition: `i` and `q` have one length.
  public init(i: [Double], q: [Double]) {
    precondition(i.count == q.count, "\(i.count) in-phase and \(q.count) quadrature samples")
    self.i = i
    self.q = q
  }

  public init(_ samples: [Complex]) {
    self.init(i: samples.map(\.re), q: samples.map(\.im))
  }

  /// - Parameter channels: two planar channels, I and Q, as a network puts them out.
  public init(channels: [[Float]]) {
    precondition(channels.count == 2, "\(channels.count) channels are not an I/Q pair")
    self.init(i: channels[0].map(Double.init), q: channels[1].map(Double.init))
  }

  /// Two planar channels, I and Q, in single precision.
  public var channels: [[Float]] { [i.map(Float.init), q.map(Float.init)] }

  public subscript(index: Int) -> Complex { Complex(i[index], q[index]) }
  public subscript(range: Range<Int>) -> IQSignal {
    IQSignal(i: Array(i[range]), q: Array(q[range]))
  }

  /// Sum of the squared magnitudes over a range of samples (all when absent).
  public func energy(in range: Range<Int>? = nil) -> Double {
    var sum = 0.0
    for n in range ?? 0..<count { sum += i[n] * i[n] + q[n] * q[n] }
    return sum
  }

  /// Root of the mean squared magnitude; 0 for an empty signal.
  public var rms: Double { isEmpty ? 0 : (energy() / Double(count)).squareRoot() }

  /// Largest magnitude; 0 for an empty signal.
  public var peak: Double {
    var largest = 0.0
    for n in 0..<count { largest = max(largest, i[n] * i[n] + q[n] * q[n]) }
    return largest.squareRoot()
  }

  /// Peak-to-average power ratio in dB; 0 for a silent signal.
  public var peakToAverage: Double {
    let rms = rms
    return rms > 0 ? 2 * decibels(peak / rms) : 0
  }

  /// Every sample times a complex factor.
  public func scaled(by factor: Complex) -> IQSignal {
    var newI = i
    var newQ = q
    for n in 0..<count {
      newI[n] = i[n] * factor.re - q[n] * factor.im
      newQ[n] = i[n] * factor.im + q[n] * factor.re
    }
    return IQSignal(i: newI, q: newQ)
  }

  /// Sample by sample difference.
  public static func - (a: IQSignal, b: IQSignal) -> IQSignal {
    precondition(a.count == b.count, "\(a.count) samples minus \(b.count)")
    return IQSignal(
      i: zip(a.i, b.i).map { $0 - $1 }, q: zip(a.q, b.q).map { $0 - $1 })
  }
}
