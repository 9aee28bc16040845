#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
public import CPareKernels

/// Seconds of processor time that this process has used: what others do on the machine hardly counts.
public func processorSeconds() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The processor time of some work.
public func processorSeconds(of work: () throws -> Void) rethrows -> Double {
  let start = processorSeconds()
  try work()
  return processorSeconds() - start
}

/// Floating-point operations per second that one core reaches with multiply-adds in registers, best of some tries.
public func measuredPeak(_ variant: pare_variant = pare_best_variant()) -> Double {
  var best = 0.0
  var sink = [Float](repeating: 0, count: 16)
  for _ in 0..<20 {
    var operations = 0
    let seconds = processorSeconds {
      operations = unsafe pare_fma_probe(variant, 2_000_000, &sink)
    }
    best = max(best, Double(operations) / seconds)
  }
  return best
}

extension Array<Double> {
  /// The middle one, or the higher of the middle two.
  public var median: Double { sorted()[count / 2] }
}

extension Double {
  /// With so many digits behind the point.
  public func rounded(to digits: Int) -> String {
    let scale = (0..<digits).reduce(1) { value, _ in value * 10 }
    let whole = Int((magnitude * Double(scale)).rounded())
    let sign = self < 0 && whole > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    let fraction = String(whole % scale)
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(whole / scale).\(zeros)\(fraction)"
  }
}

extension String {
  /// Right-aligned in so many columns.
  public func right(_ width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }

  /// Left-aligned in so many columns.
  public func left(_ width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
