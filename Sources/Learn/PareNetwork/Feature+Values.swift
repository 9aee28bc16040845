extension Feature {
  /// The feature over a signal that starts from zeros, in one fixed order of rounded operations: the envelope as
  /// ``Envelope/Origin`` says, the carrier last.
  ///
  /// - Parameter signal: `[channel][time]`.
  public func callAsFunction(_ signal: [[Float]]) -> [Float] {
    guard hasEnvelope else { return signal[channel!] }
    let values = envelope.values(of: signal)
    guard let channel else { return values }
    let carrier = signal[channel]
    return values.indices.map { time in
      guard time >= carrierLag, time >= envelopeLag else { return 0 }
      return carrier[time - carrierLag] * values[time - envelopeLag]
    }
  }

  /// The same at some times only; samples before `segment` are zeros.
  ///
  /// - Precondition: the times lie in the segment.
  public func callAsFunction(
    _ signal: [[Float]], at times: Range<Int>, in segment: Range<Int>
  ) -> [Float] {
    let start = max(segment.lowerBound, times.lowerBound - pastSamples)
    let values = self(signal.map { Array($0[start..<times.upperBound]) })
    return Array(values[(times.lowerBound - start)...])
  }
}

extension Feature.Envelope {
  /// - Parameter signal: `[channel][time]`, zero before its first sample.
  fileprivate func values(of signal: [[Float]]) -> [Float] {
    let (i, q) = (signal[0], signal[1])
    switch origin {
    case .squares: return i.indices.map { i[$0] * i[$0] + q[$0] * q[$0] }
    case .root: return Self.power(2).values(of: signal).map { $0.squareRoot() }
    case .product(let a, let b):
      let factors = b.values(of: signal)
      return zip(a == b ? factors : a.values(of: signal), factors).map { $0 * $1 }
    case .correlation(let lag, let part):
      return i.indices.map { time in
        guard time >= lag else { return 0 }
        let past = time - lag
        return switch part {
        case .real: i[time] * i[past] + q[time] * q[past]
        case .imaginary: q[time] * i[past] - i[time] * q[past]
        }
      }
    }
  }
}
