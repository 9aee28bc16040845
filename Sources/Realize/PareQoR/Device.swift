public import PareTools

/// A part that a design can be implemented on, and what it has room for.
public struct Device: Sendable, Hashable, Codable {
  /// What is typed on the command line: `zcu104`, `ecp5-85k`.
  public let name: String
  /// The maker's name of the part.
  public let part: String
  public let family: SynthesisTarget.Family
  /// Cells of each kind; a kind that is not listed is not limited by the table.
  public let capacity: [FigureName: Double]
  /// For nextpnr; nil when no open tool can place and route the part.
  public let ecp5: ECP5Part?
  /// Where the capacities come from.
  public let source: String

  /// The XCZU7EV of AMD's ZCU104 board.
  public static let zcu104 = Device(
    name: "zcu104", part: "xczu7ev-ffvc1156-2-e", family: .xcup,
    capacity: [
      .lut: 230_400, .lutSites: 230_400, .ff: 460_800, .carry8: 28_800, .dsp: 1_728, .bram: 312,
      .uram: 96,
    ],
    ecp5: nil,
    source: "AMD DS891, Zynq UltraScale+ MPSoC overview, ZU7EV; one CARRY8 per CLB of 8 LUTs")

  /// A Lattice LFE5U part in its largest package, speed grade 6.
  public static func ecp5(_ size: ECP5Part.Size) -> Device {
    let (part, lut, dsp, bram): (String, Double, Double, Double) =
      switch size {
      case .k25: ("LFE5U-25F-6BG381C", 24_288, 28, 56)
      case .k45: ("LFE5U-45F-6BG554C", 43_848, 72, 108)
      case .k85: ("LFE5U-85F-6BG756C", 83_640, 156, 208)
      }
    return Device(
      name: "ecp5-\(size.rawValue)", part: part, family: .ecp5,
      capacity: [.lut: lut, .ff: lut, .dsp: dsp, .bram: bram], ecp5: .standard(size),
      source: "available cells in the utilization report of nextpnr-ecp5 0.11.1")
  }

  public static let all: [Device] = [.zcu104] + ECP5Part.Size.allCases.map { .ecp5($0) }

  /// The device of that name; `ecp5` means `ecp5-85k`, and the maker's part name serves too.
  ///
  /// - Throws: ``QoRError`` with code `unknownDevice`.
  public init(named name: String) throws {
    let wanted = name == "ecp5" ? "ecp5-85k" : name.lowercased()
    guard
      let found = Device.all.first(where: { $0.name == wanted || $0.part.lowercased() == wanted })
    else { throw QoRError(.unknownDevice(name, known: Device.all.map(\.name))) }
    self = found
  }

  init(
    name: String, part: String, family: SynthesisTarget.Family, capacity: [FigureName: Double],
    ecp5: ECP5Part?, source: String
  ) {
    self.name = name
    self.part = part
    self.family = family
    self.capacity = capacity
    self.ecp5 = ecp5
    self.source = source
  }
}
