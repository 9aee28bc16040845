/// The carry chains of a netlist for a Xilinx part, found by following carry-out to carry-in.
///
/// Yosys writes CARRY4 cells, four bits each, for every Xilinx family; UltraScale parts have CARRY8. A chain of
/// n CARRY4 fills ceil(n / 2) CARRY8, and a CARRY8 is never shared by two chains.
public struct CarryChains: Sendable, Hashable, Codable {
  /// CARRY4 cells in each chain, the longest first.
  public let lengths: [Int]

  public var carry4: Int { lengths.reduce(0, +) }

  /// CARRY8 cells after merging pairs along each chain: an estimate of what Vivado builds.
  public var carry8: Int { lengths.reduce(0) { $0 + ($1 + 1) / 2 } }

  public init(lengths: [Int]) {
    self.lengths = lengths.sorted(by: >)
  }

  public init(of netlist: Netlist) {
    let carries = netlist.cells.map(\.cell).filter { $0.type == "CARRY4" }
    // The cell that each cell's carry-in comes from; the last carry-out is the only one that may feed another cell.
    var driver: [Netlist.Bit: Int] = [:]
    for (index, cell) in carries.enumerated() {
      if let out = cell.connections["CO"], out.count == 4 { driver[out[3]] = index }
    }
    let previous = carries.map { cell in
      cell.connections["CI"]?.first.flatMap { bit -> Int? in
        guard case .net = bit else { return nil }
        return driver[bit]
      }
    }
    var next = [Int?](repeating: nil, count: carries.count)
    var heads: [Int] = []
    for (index, before) in previous.enumerated() {
      if let before, next[before] == nil {
        next[before] = index
      } else {
        heads.append(index)
      }
    }
    lengths = heads.map { head in
      var count = 1
      var current = head
      while let following = next[current] {
        current = following
        count += 1
      }
      return count
    }.sorted(by: >)
  }
}
