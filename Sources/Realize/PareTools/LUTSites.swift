/// Estimates how many six-input LUT sites a Xilinx netlist needs when small LUTs share one.
///
/// A site has two outputs: two LUTs fit when they use at most five different inputs together. This pairs greedily the
/// LUTs that have the most inputs in common, in the order of their names, and pairs none without a common input: a
/// placer could, but rarely does. Two LUTs that both feed carry cells are not paired, since each sits at its own bit.
///
/// - Source: AMD UG574, UltraScale Architecture CLB, "Look-Up Table"; the pairing rule is ours, so this is an estimate.
struct LUTSites {
  let count: Int

  init(of netlist: Netlist) {
    var luts: [(inputs: Set<Int>, feedsCarry: Bool)] = []
    var whole = 0
    var carryInputs = Set<Int>()
    for (_, cell) in netlist.cells where cell.type == "CARRY4" || cell.type == "CARRY8" {
      for bit in cell.connections["S"] ?? [] {
        if case .net(let net) = bit { carryInputs.insert(net) }
      }
    }
    for (_, cell) in netlist.cells {
      switch cell.type {
      case "LUT6", "LUT6_2": whole += 1
      case "INV", "LUT1", "LUT2", "LUT3", "LUT4", "LUT5":
        var inputs = Set<Int>()
        var feedsCarry = false
        for (port, bits) in cell.connections {
          for case .net(let net) in bits {
            if port == "O" {
              feedsCarry = carryInputs.contains(net)
            } else {
              inputs.insert(net)
            }
          }
        }
        luts.append((inputs, feedsCarry))
      default: continue
      }
    }

    // LUTs by input net; a net with a very wide fan-out says little about what belongs together.
    var users: [Int: [Int]] = [:]
    for (index, lut) in luts.enumerated() {
      for net in lut.inputs { users[net, default: []].append(index) }
    }
    var isPaired = [Bool](repeating: false, count: luts.count)
    var pairs = 0
    for (index, lut) in luts.enumerated() where !isPaired[index] {
      var best: (common: Int, partner: Int)?
      for net in lut.inputs {
        for other in (users[net] ?? []).prefix(64) where other > index && !isPaired[other] {
          let partner = luts[other]
          guard !(lut.feedsCarry && partner.feedsCarry) else { continue }
          let common = lut.inputs.intersection(partner.inputs).count
          guard lut.inputs.count + partner.inputs.count - common <= 5 else { continue }
          if let found = best,
            (found.common, -found.partner) >= (common, -other)
          {
            continue
          }
          best = (common, other)
        }
      }
      if let best {
        isPaired[index] = true
        isPaired[best.partner] = true
        pairs += 1
      }
    }
    count = whole + luts.count - pairs
  }
}
