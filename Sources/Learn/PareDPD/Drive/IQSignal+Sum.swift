import PareSignal

extension IQSignal {
  /// Sample by sample sum with a multiple of another.
  func adding(_ other: IQSignal, times factor: Double) -> IQSignal {
    precondition(count == other.count, "\(count) samples plus \(other.count)")
    var (newI, newQ) = (i, q)
    for n in 0..<count {
      newI[n] += factor * other.i[n]
      newQ[n] += factor * other.q[n]
    }
    return IQSignal(i: newI, q: newQ)
  }
}
