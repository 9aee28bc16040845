/// A number that a tool may have printed as a bound: `<0.001`.
public struct BoundedNumber: Sendable, Hashable, Codable {
  /// The number, or what it is smaller than.
  public let value: Double
  /// True for `<0.001`.
  public let isUpperBound: Bool

  public init(_ value: Double, isUpperBound: Bool = false) {
    self.value = value
    self.isUpperBound = isUpperBound
  }
}

extension ReportText {
  /// Words for a value that there is none of.
  private static let absent: Set<String> = [
    "", "-", "--", "---", "NA", "N/A", "n/a", "undef", "?", "inf",
  ]

  /// A finite number.
  func number(_ word: some StringProtocol, _ what: String) throws(VendorReportError) -> Double {
    let word = word.trimmed
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-.eE".utf8.contains($0)
      }
    guard isPlain, let value = Double(word), value.isFinite else {
      throw fault(.unreadable(what: what, text: String(word.prefix(60))))
    }
    return value
  }

  /// A number; nil for `NA`, `undef`, `inf` and other words for none.
  func optionalNumber(_ word: some StringProtocol, _ what: String) throws(VendorReportError)
    -> Double?
  {
    Self.absent.contains(word.trimmed) ? nil : try number(word, what)
  }

  /// No count of a report is larger; one that is could not be turned into a whole number without care.
  static let largestCount = 1_000_000_000_000_000

  /// A count of cells, clocks or end points: whole and not negative.
  func count(_ word: some StringProtocol, _ what: String) throws(VendorReportError) -> Int {
    let word = word.trimmed
    guard let value = Int(word), (0...Self.largestCount).contains(value), word.first != "+" else {
      throw fault(.unreadable(what: what, text: String(word.prefix(60))))
    }
    return value
  }

  func optionalCount(_ word: some StringProtocol, _ what: String) throws(VendorReportError) -> Int?
  {
    Self.absent.contains(word.trimmed) ? nil : try count(word, what)
  }

  /// An amount of cells, which may be half a block memory.
  func amount(_ word: some StringProtocol, _ what: String) throws(VendorReportError) -> Double {
    let value = try number(word, what)
    guard value >= 0, value <= Double(Self.largestCount) else {
      throw fault(.unreadable(what: what, text: String(word.trimmed.prefix(60))))
    }
    return value
  }

  /// A number or a bound.
  func boundedNumber(_ word: some StringProtocol, _ what: String) throws(VendorReportError)
    -> BoundedNumber
  {
    let word = word.trimmed
    guard word.hasPrefix("<") else { return BoundedNumber(try number(word, what)) }
    return BoundedNumber(try number(word.dropFirst(), what), isUpperBound: true)
  }

  /// Nanoseconds with or without their unit: `7.037ns`.
  func nanoseconds(_ word: some StringProtocol, _ what: String) throws(VendorReportError) -> Double
  {
    let word = word.trimmed
    return try number(word.hasSuffix("ns") ? String(word.dropLast(2)) : word, what)
  }
}
