import CPareKernels
import PareSignal

/// The derivative of an amplifier at one drive as a filter whose taps change from sample to sample.
///
/// Combs of impulses, wider apart than the amplifier remembers, give all taps in as many derivatives as the comb has
/// samples; any number of directions then costs a short filter each.
struct BandedJacobian: Sendable {
  /// Samples of look-ahead and of memory that are kept.
  let ahead: Int
  let memory: Int
  let count: Int
  private let stride: Int
  /// `[part in][part out][lag + ahead][stride]`
  private let taps: [Float]

  private var lagCount: Int { ahead + memory + 1 }

  init(_ tangent: any AmplifierTangent, ahead: Int = 17, memory: Int = 62) throws {
    let count = tangent.output.count
    let lanes = Int(PARE_LANES)
    let stride = (count + lanes - 1) / lanes * lanes
    let spacing = ahead + memory + 1
    var taps = [Float](repeating: 0, count: 4 * spacing * stride)
    let silence = [Double](repeating: 0, count: count)
    for part in 0..<2 {
      for offset in 0..<spacing {
        try Task.checkCancellation()
        var comb = silence
        for n in Swift.stride(from: offset, to: count, by: spacing) { comb[n] = 1 }
        let answer = tangent.derivative(
          along: part == 0 ? IQSignal(i: comb, q: silence) : IQSignal(i: silence, q: comb))
        for n in 0..<count {
          // The only impulse at n - lag with -ahead <= lag <= memory.
          let lag = (n + ahead + spacing - offset) % spacing - ahead
          guard n - lag >= 0, n - lag < count else { continue }
          taps[((part * 2) * spacing + lag + ahead) * stride + n] = Float(answer.i[n])
          taps[((part * 2 + 1) * spacing + lag + ahead) * stride + n] = Float(answer.q[n])
        }
      }
    }
    self.ahead = ahead
    self.memory = memory
    self.count = count
    self.stride = stride
    self.taps = taps
  }

  /// Zeros that a feature needs in front of and behind its samples, for delays up to `reach` to both sides.
  func padding(reach: Int) -> (front: Int, back: Int) {
    (memory + reach, ahead + reach + stride - count)
  }

  /// The change of the output when `feature`, delayed, is added to one part of the drive.
  ///
  /// - Parameters:
  ///   - feature: `front` zeros, the samples, `back` zeros, as ``padding(reach:)`` says.
  ///   - part: 0 for I, 1 for Q.
  /// - Returns: the change of I and of Q.
  func push(_ feature: [Float], front: Int, delay: Int, part: Int) -> (i: [Float], q: [Float]) {
    let lags = Array(0..<lagCount)
    let first = front + ahead - delay
    precondition(
      first >= lagCount - 1 && first + stride <= feature.count,
      "delay \(delay) with \(front) zeros in front of \(feature.count)")
    var (i, q) = ([Float](repeating: 0, count: stride), [Float](repeating: 0, count: stride))
    unsafe taps.withUnsafeBufferPointer { taps in
      unsafe feature.withUnsafeBufferPointer { feature in
        let base = unsafe taps.baseAddress! + 2 * part * lagCount * stride
        let x = unsafe feature.baseAddress! + first
        unsafe pare_varying_filter(
          pare_best_variant(), stride, lagCount, base, stride, lags, x, &i)
        unsafe pare_varying_filter(
          pare_best_variant(), stride, lagCount, base + lagCount * stride, stride, lags, x, &q)
      }
    }
    return (i, q)
  }

  /// The changes of the output for many changes of the drive; short stretches of time for all of them, so that the taps stay in
  /// the cache.
  ///
  /// - Parameter changes: `[change][part][time]`, of the drive's length.
  /// - Returns: the change of I and of Q, and zeros behind them.
  func push(_ changes: [[[Float]]]) throws -> [(i: [Float], q: [Float])] {
    let (lags, block, variant) = (Array(0..<lagCount), 512, pare_best_variant())
    let (front, back) = padding(reach: 0)
    let (before, after) = (
      [Float](repeating: 0, count: front), [Float](repeating: 0, count: back)
    )
    // An empty list stands for a part that does not change.
    let padded = changes.map { change in
      change.map { part in part.contains { $0 != 0 } ? before + part + after : [] }
    }
    let silence = [Float](repeating: 0, count: stride)
    var result = changes.map { _ in (i: silence, q: silence) }
    var (i, q) = ([Float](repeating: 0, count: block), [Float](repeating: 0, count: block))
    for start in Swift.stride(from: 0, to: stride, by: block) {
      try Task.checkCancellation()
      let count = min(block, stride - start)
      for (index, parts) in padded.enumerated() {
        for (part, x) in parts.enumerated() where !x.isEmpty {
          unsafe taps.withUnsafeBufferPointer { taps in
            unsafe x.withUnsafeBufferPointer { x in
              let base = unsafe taps.baseAddress! + 2 * part * lagCount * stride + start
              let x = unsafe x.baseAddress! + front + ahead + start
              unsafe pare_varying_filter(variant, count, lagCount, base, stride, lags, x, &i)
              unsafe pare_varying_filter(
                variant, count, lagCount, base + lagCount * stride, stride, lags, x, &q)
            }
          }
          for n in 0..<count {
            result[index].i[start + n] += i[n]
            result[index].q[start + n] += q[n]
          }
        }
      }
    }
    return result
  }
}
