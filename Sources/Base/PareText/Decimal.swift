extension Double {
  /// The number with a fixed count of decimals, locale-free, `-` for a value that is not finite.
  public func fixed(_ decimals: Int) -> String {
    precondition((0...15).contains(decimals), "decimals \(decimals) outside 0...15")
    guard isFinite else { return isNaN ? "nan" : (self < 0 ? "-inf" : "inf") }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(self) * scale).rounded(.toNearestOrEven)
    guard scaled < 9e15 else { return "\(self)" }
    let whole = UInt64(scaled)
    let unit = UInt64(scale)
    let sign = self < 0 && whole > 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(whole)" }
    let digits = String(whole % unit)
    return "\(sign)\(whole / unit)." + String(repeating: "0", count: decimals - digits.count)
      + digits
  }
}

extension Int {
  /// The number with a comma between groups of three digits.
  public var grouped: String {
    let digits = String(magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return self < 0 ? "-" + result : result
  }
}
