public import PareDatapath
public import PareTools

/// A part that a design can be implemented on, and what it has room for.
public struct Device: Sendable, Hashable, Codable {
  /// What is typed on the command line: `zcu104`, `ecp5-85k`.
  public let name: String
  /// The maker's name of the part.
  public let part: String
  /// What it is synthesized for; nil when the device stands for any, and generated code is all there is.
  public let family: SynthesisTarget.Family?
  /// How sums and delay lines are built for it.
  public let logicFamily: LogicFamily
  /// Cells of each kind; a kind that is not listed is not limited by the table.
  public let capacity: [FigureName: Double]
  /// For nextpnr; nil when no open tool can place and route the part.
  public let ecp5: ECP5Part?
  /// Where the capacities come from.
  public let source: String

  /// The XCZU7EV of AMD's ZCU104 board.
  public static let zcu104 = Device(
    name: "zcu104", part: "xczu7ev-ffvc1156-2-e", family: .xcup, logicFamily: .ultraScalePlus,
    capacity: [
      .lut: 230_400, .lutSites: 230_400, .ff: 460_800, .carry8: 28_800, .dsp: 1_728, .bram: 312,
      .uram: 96,
    ],
    ecp5: nil,
    source: "AMD DS891, Zynq UltraScale+ MPSoC overview, ZU7EV; one CARRY8 per CLB of 8 LUTs")

  /// The small Zynq of boards such as the Zybo Z7-10.
  public static let zynq7010 = Device(
    name: "zynq7010", part: "xc7z010clg400-1", family: .xc7, logicFamily: .series7,
    capacity: [
      .lut: 17_600, .lutSites: 17_600, .ff: 35_200, .carry: 4_400, .dsp: 80, .bram: 60,
    ],
    ecp5: nil,
    source: "AMD DS190, Zynq-7000 SoC overview, Z-7010; one CARRY4 per slice of 4 LUTs")

  /// The Artix of boards such as the Basys 3.
  public static let artix35t = Device(
    name: "artix35t", part: "xc7a35tcpg236-1", family: .xc7, logicFamily: .series7,
    capacity: [
      .lut: 20_800, .lutSites: 20_800, .ff: 41_600, .carry: 5_200, .dsp: 90, .bram: 50,
    ],
    ecp5: nil,
    source: "AMD DS180, 7 Series FPGAs overview, XC7A35T; one CARRY4 per slice of 4 LUTs")

  /// No part in particular: code that names no cell, to compile and simulate.
  public static let generic = Device(
    name: "generic", part: "generic", family: nil, logicFamily: .generic, capacity: [:], ecp5: nil,
    source: "no part, no limits")

  /// A Lattice LFE5U part in its largest package, speed grade 6.
  public static func ecp5(_ size: ECP5Part.Size) -> Device {
    let (part, lut, dsp, bram): (String, Double, Double, Double) =
      switch size {
      case .k25: ("LFE5U-25F-6BG381C", 24_288, 28, 56)
      case .k45: ("LFE5U-45F-6BG554C", 43_848, 72, 108)
      case .k85: ("LFE5U-85F-6BG756C", 83_640, 156, 208)
      }
    return Device(
      name: "ecp5-\(size.rawValue)", part: part, family: .ecp5, logicFamily: .ecp5,
      capacity: [.lut: lut, .ff: lut, .dsp: dsp, .bram: bram], ecp5: .standard(size),
      source: "available cells in the utilization report of nextpnr-ecp5 0.11.1")
  }

  public static let all: [Device] =
    [.zcu104, .zynq7010, .artix35t] + ECP5Part.Size.allCases.map { .ecp5($0) } + [.generic]

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
    name: String, part: String, family: SynthesisTarget.Family?, logicFamily: LogicFamily,
    capacity: [FigureName: Double], ecp5: ECP5Part?, source: String
  ) {
    self.name = name
    self.part = part
    self.family = family
    self.logicFamily = logicFamily
    self.capacity = capacity
    self.ecp5 = ecp5
    self.source = source
  }
}
