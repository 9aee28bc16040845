import Testing

@testable import PareTools

@Suite struct NetlistTests {
  private typealias Cell = Netlist.Cell
  private typealias Bit = Netlist.Bit

  /// A chain of CARRY4 cells whose nets start at a number.
  private func chain(_ count: Int, named name: String, from base: Int) -> [String: Netlist.Cell] {
    var cells: [String: Netlist.Cell] = [:]
    for index in 0..<count {
      let carryIn: Bit = index == 0 ? .constant("0") : .net(base + 4 * index - 1)
      cells["\(name)\(index)"] = Cell(
        type: "CARRY4",
        connections: [
          "CI": [carryIn], "CO": (0..<4).map { .net(base + 4 * index + $0) },
        ])
    }
    return cells
  }

  private func netlist(_ cells: [String: Netlist.Cell]) -> Netlist {
    Netlist(name: "m", cells: cells, ports: [:])
  }

  @Test(arguments: [(1, 1), (2, 1), (3, 2), (8, 4), (9, 5)])
  func `a chain of CARRY4 fills half as many CARRY8, rounded up`(carry4: Int, carry8: Int) {
    let chains = CarryChains(of: netlist(chain(carry4, named: "c", from: 10)))
    #expect(chains.lengths == [carry4])
    #expect(chains.carry8 == carry8)
  }

  @Test func `chains do not share a CARRY8`() {
    let cells = chain(3, named: "a", from: 100).merging(chain(1, named: "b", from: 200)) { $1 }
      .merging(chain(5, named: "c", from: 300)) { $1 }
    let chains = CarryChains(of: netlist(cells))
    #expect(chains.lengths == [5, 3, 1])
    #expect(chains.carry4 == 9)
    #expect(chains.carry8 == 3 + 2 + 1)
  }

  @Test func `a carry-out used by two cells continues one chain and begins another`() {
    var cells = chain(2, named: "a", from: 100)
    cells["z"] = Cell(
      type: "CARRY4",
      connections: ["CI": [.net(103)], "CO": (0..<4).map { .net(500 + $0) }])
    let chains = CarryChains(of: netlist(cells))
    #expect(chains.lengths == [2, 1])
    #expect(chains.carry4 == 3)
  }

  private func lut(_ inputs: [Int], out: Int) -> Netlist.Cell {
    var connections: [String: [Bit]] = ["O": [.net(out)]]
    for (index, net) in inputs.enumerated() { connections["I\(index)"] = [.net(net)] }
    return Cell(type: "LUT\(inputs.count)", connections: connections)
  }

  @Test func `two LUTs share a site when they use five inputs together`() {
    let fits = netlist(["a": lut([1, 2, 3], out: 10), "b": lut([3, 4, 5], out: 11)])
    #expect(LUTSites(of: fits).count == 1)
    let tooMany = netlist(["a": lut([1, 2, 3], out: 10), "b": lut([3, 4, 5, 6], out: 11)])
    #expect(LUTSites(of: tooMany).count == 2)
    let strangers = netlist(["a": lut([1, 2], out: 10), "b": lut([3, 4], out: 11)])
    #expect(LUTSites(of: strangers).count == 2)
    let wide = netlist(["a": lut([1, 2, 3, 4, 5, 6], out: 10), "b": lut([1, 2], out: 11)])
    #expect(LUTSites(of: wide).count == 2)
    let three = netlist([
      "a": lut([1, 2], out: 10), "b": lut([1, 2], out: 11), "c": lut([1, 2], out: 12),
    ])
    #expect(LUTSites(of: three).count == 2)
  }

  @Test func `LUTs of two bits of a carry chain sit at different sites`() {
    var cells = ["a": lut([1, 2], out: 10), "b": lut([1, 2], out: 11)]
    #expect(LUTSites(of: netlist(cells)).count == 1)
    cells["c"] = Cell(type: "CARRY4", connections: ["S": [.net(10), .net(11)]])
    #expect(LUTSites(of: netlist(cells)).count == 2)
  }

  @Test func `every type of cell is counted or named`() {
    let byType = [
      "LUT2": 3, "LUT6": 2, "INV": 1, "FDRE": 7, "FDSE": 1, "SRL16E": 4, "DSP48E2": 2,
      "RAMB18E2": 3, "RAMB36E2": 1, "MUXF7": 2, "CARRY4": 0, "LDCE": 1, "MYSTERY": 5, "BUFG": 1,
    ]
    let counts = CellCounts(xilinx: byType, netlist: netlist([:]))
    #expect(counts.lut == 6)
    #expect(counts.ff == 8)
    #expect(counts.latches == 1)
    #expect(counts.srl == 4)
    #expect(counts.dsp == 2)
    #expect(counts.bram == 2.5)
    #expect(counts.muxes == 2)
    #expect(counts.unknown == ["MYSTERY": 5])
    #expect(counts.byType == byType)
  }

  @Test func `an ECP5 carry cell is two LUTs and a slice multiplexer none`() {
    let counts = CellCounts(ecp5: [
      "LUT4": 10, "CCU2C": 3, "PFUMX": 4, "L6MUX21": 2, "TRELLIS_FF": 9, "MULT18X18D": 1,
      "DP16KD": 2, "TRELLIS_DPR16X4": 1, "ODD": 1,
    ])
    #expect(counts.lut == 16)
    #expect(counts.carry == 3)
    #expect(counts.muxes == 6)
    #expect(counts.lutRAM == 4)
    #expect(counts.bram == 2)
    #expect(counts.lutSites == nil && counts.carry8 == nil && counts.srl == nil)
    #expect(counts.unknown == ["ODD": 1])
  }

  @Test func `a file that is no netlist is an error with its path`() async throws {
    try await withScratch { folder in
      try folder.write("{\"modules\": {\"a\": {\"ports\": {}, \"cells\": {}}}}", to: "n.json")
      #expect(try Netlist(module: "a", contentsOf: folder.file("n.json")).cells.isEmpty)
      let other = try #require(throws: ToolError.self) {
        try Netlist(module: "b", contentsOf: folder.file("n.json"))
      }
      #expect(other.message.contains("no module b, only a"))
      try folder.write("nonsense", to: "bad.json")
      let bad = try #require(throws: ToolError.self) {
        try Netlist(module: "a", contentsOf: folder.file("bad.json"))
      }
      #expect(bad.message.contains(folder.file("bad.json")))
    }
  }
}
