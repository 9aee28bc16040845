/// A Lattice ECP5 part, as nextpnr takes it.
public struct ECP5Part: Sendable, Hashable, Codable {
  public enum Size: String, Sendable, Hashable, Codable, CaseIterable {
    case k25 = "25k"
    case k45 = "45k"
    case k85 = "85k"
  }

  public let size: Size
  public let package: String
  /// Speed grade, 6 to 8; a higher one is faster.
  public let speedGrade: Int
  /// Pins that a design may use in this package.
  public let ioCount: Int

  /// The part of that size in its package with the most pins, speed grade 6.
  ///
  /// - Source: pins as nextpnr 0.11.1 reports them (utilization of TRELLIS_IO).
  public static func standard(_ size: Size) -> ECP5Part {
    switch size {
    case .k25: ECP5Part(size: size, package: "CABGA381", speedGrade: 6, ioCount: 197)
    case .k45: ECP5Part(size: size, package: "CABGA554", speedGrade: 6, ioCount: 245)
    case .k85: ECP5Part(size: size, package: "CABGA756", speedGrade: 6, ioCount: 365)
    }
  }

  public init(size: Size, package: String, speedGrade: Int, ioCount: Int) {
    precondition((6...8).contains(speedGrade), "speed grade \(speedGrade) outside 6...8")
    self.size = size
    self.package = package
    self.speedGrade = speedGrade
    self.ioCount = ioCount
  }

  var options: [String] {
    ["--\(size.rawValue)", "--package", package, "--speed", "\(speedGrade)"]
  }
}
