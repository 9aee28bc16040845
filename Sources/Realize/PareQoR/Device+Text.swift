import PareText
import PareTools

extension Device {
  /// A table of devices: what each has room for, and what the open tools can do with it.
  public static func text(of devices: [Device] = all) -> String {
    let kinds: [(FigureName, String)] = [
      (.lut, "LUT"), (.ff, "FF"), (.dsp, "DSP"), (.bram, "BRAM"), (.uram, "URAM"),
    ]
    var table = TextTable(
      [("device", .left), ("part", .left)] + kinds.map { ($0.1, .right) }
        + [("open tools", .left), ("capacities from", .left)])
    for device in devices {
      table.add(
        [device.name, device.part]
          + kinds.map { kind, _ in device.capacity[kind].map { Int($0).grouped } ?? "-" }
          + [device.openTools, device.source])
    }
    return table.text + "\nBRAM: blocks of 36 kbit on AMD parts, of 18 kbit on ECP5"
  }

  private var openTools: String {
    switch family {
    case nil: "compile, simulate"
    case .ecp5: "synthesis, place and route, bitstream"
    case .xcup, .xc7: "synthesis"
    }
  }
}
