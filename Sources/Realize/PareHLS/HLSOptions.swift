import PareFixed
import PareText

/// How the arithmetic of a layer is written down.
public enum HLSForm: String, Hashable, Sendable, Codable, CaseIterable {
  /// A statement per product.
  case unrolled
  /// Loops over `constexpr` tables.
  case loops
}

/// How a network becomes HLS C++.
public struct HLSOptions: Hashable, Sendable, Codable {
  public var form = HLSForm.unrolled
  /// The FIR version: one for all filters, or one for each in the order of the architecture's layers (the branch last);
  /// nil, as an element too, for the cheapest that the weights allow.
  public var kernels: [FIRKernel?]?
  public var directives = Directives()
  /// The device that the scripts name.
  public var part = Self.standardPart
  /// The clock that the scripts ask for.
  public var clockMHz = 250.0
  /// Lines at the head of the files: what they were made by and from.
  public var header = ""

  public init() {}

  /// The device of the ZCU104 board.
  public static let standardPart = "xczu7ev-ffvc1156-2-e"

  /// - Throws: ``HLSError`` when the list has another length.
  func kernel(ofLayer layer: Int, of count: Int) throws(HLSError) -> FIRKernel? {
    guard let kernels else { return nil }
    if kernels.count == 1 { return kernels[0] }
    guard kernels.count == count else {
      throw HLSError(
        .kernelCount(expected: count, got: kernels.count),
        "\(kernels.count) FIR versions for \(count) layers",
        hint: "give one for all, or one for each layer, the branch last")
    }
    return kernels[layer]
  }

  func check() throws(HLSError) {
    try directives.check()
    guard clockMHz.isFinite, clockMHz > 0, clockMHz <= 2000 else {
      throw HLSError(
        .target("clock"), "a clock of \(clockMHz) MHz", hint: "give more than 0, at most 2000 MHz")
    }
    let isName = part.wholeMatch(of: #/[A-Za-z0-9][A-Za-z0-9_\-]*/#) != nil
    guard isName else {
      throw HLSError(
        .target(part), "'\(part)' is not the name of a part",
        hint: "give the full name, such as \(Self.standardPart)")
    }
  }
}

/// Words that a test bench feeds to a design.
public struct HLSStimulus: Hashable, Sendable {
  /// Raw integers `[channel][sample]`.
  public let channels: [[Int64]]
  /// Stretches that cover the samples in order; the design starts anew with each.
  public let segments: [Range<Int>]

  public init(channels: [[Int64]], segments: [Range<Int>]) {
    self.channels = channels
    self.segments = segments
  }
}
