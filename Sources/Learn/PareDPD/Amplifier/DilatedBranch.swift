import PareSignal

/// Three taps 16 samples apart into three channels, then two outputs, each followed by `v * clip(v + 3, 0, 6) / 6`.
struct DilatedBranch: Sendable {
  /// `[3][2][3]`: channel, part (I, Q), tap; the middle tap is the present sample.
  let first: [Double]
  /// `[2][3]`
  let second: [Double]

  private static let dilation = 16

  /// The branch's output plus `[count][2]` of another.
  func added(to y: [Float], at x: IQSignal) -> IQSignal {
    var outputI = [Double](repeating: 0, count: x.count)
    var outputQ = outputI
    for t in 0..<x.count {
      let hidden = (sum(0, x, t), sum(1, x, t), sum(2, x, t))
      let h = (Self.swish(hidden.0), Self.swish(hidden.1), Self.swish(hidden.2))
      outputI[t] = Double(y[2 * t]) + Self.swish(mix(0, h))
      outputQ[t] = Double(y[2 * t + 1]) + Self.swish(mix(1, h))
    }
    return IQSignal(i: outputI, q: outputQ)
  }

  func derivative(added dy: [Float], at x: IQSignal, along dx: IQSignal) -> IQSignal {
    var outputI = [Double](repeating: 0, count: x.count)
    var outputQ = outputI
    for t in 0..<x.count {
      let a = (sum(0, x, t), sum(1, x, t), sum(2, x, t))
      let h = (Self.swish(a.0), Self.swish(a.1), Self.swish(a.2))
      let dh = (
        Self.slope(a.0) * sum(0, dx, t), Self.slope(a.1) * sum(1, dx, t),
        Self.slope(a.2) * sum(2, dx, t)
      )
      outputI[t] = Double(dy[2 * t]) + Self.slope(mix(0, h)) * mix(0, dh)
      outputQ[t] = Double(dy[2 * t + 1]) + Self.slope(mix(1, h)) * mix(1, dh)
    }
    return IQSignal(i: outputI, q: outputQ)
  }

  @inline(__always)
  private func sum(_ channel: Int, _ x: IQSignal, _ t: Int) -> Double {
    var sum = first[channel * 6 + 1] * x.i[t] + first[channel * 6 + 4] * x.q[t]
    let (before, after) = (t - Self.dilation, t + Self.dilation)
    if before >= 0 {
      sum += first[channel * 6] * x.i[before] + first[channel * 6 + 3] * x.q[before]
    }
    if after < x.count {
      sum += first[channel * 6 + 2] * x.i[after] + first[channel * 6 + 5] * x.q[after]
    }
    return sum
  }

  @inline(__always)
  private func mix(_ output: Int, _ h: (Double, Double, Double)) -> Double {
    second[output * 3] * h.0 + second[output * 3 + 1] * h.1 + second[output * 3 + 2] * h.2
  }

  @inline(__always)
  private static func swish(_ v: Double) -> Double { v * min(max(v + 3, 0), 6) / 6 }

  @inline(__always)
  private static func slope(_ v: Double) -> Double {
    v <= -3 ? 0 : v >= 3 ? 1 : (2 * v + 3) / 6
  }
}
