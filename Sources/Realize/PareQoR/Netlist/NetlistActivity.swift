public import PareDatapath

/// Toggles of every net of a netlist, counted on a stream.
public struct NetlistActivity: Sendable {
  public let gates: GateNetlist
  public let origin: SwitchingProfile.Origin
  /// Clocks that were counted, over all lanes.
  public let clocks: Int
  /// In the order of ``GateNetlist/netNumbers``, summed over the clocks.
  public let toggles: [Int]
  /// Clocks in which the settled net was 1; empty where only toggles were counted.
  public let ones: [Int]

  /// What a simulator has counted.
  ///
  /// - Precondition: it counts.
  public init(of simulator: NetlistSimulator) {
    precondition(simulator.mode != .plain, "nothing was counted")
    gates = simulator.gates
    origin = simulator.mode == .counting ? .netlist : .netlistUnitDelay
    clocks = simulator.countedClocks
    let nets = Int(gates.nets.lowerBound)..<Int(gates.nets.upperBound)
    toggles = simulator.toggles[nets].map { Int($0) }
    ones = simulator.ones.isEmpty ? [] : simulator.ones[nets].map { Int($0) }
  }

  /// The sums that a power model asks for.
  ///
  /// LUTs that make a sum with a carry cell of ECP5 are part of that cell. The clock, constants, and nets without loads count
  /// nowhere.
  public var profile: SwitchingProfile {
    var profile = SwitchingProfile(origin: origin, clocks: clocks)
    for cell in gates.cells {
      switch cell.kind {
      case .flipFlop: profile.flipFlops += 1
      case .shiftRegister: profile.shiftRegisterLUTs += 1
      case .dsp: profile.dspBlocks += 1
      case .lut, .carry, .mux: break
      }
    }
    guard clocks > 0 else { return profile }
    let perClock = 1 / Double(clocks)
    var (luts, nets, loads, carries, products, productBits) = (0, 0, 0, 0, 0, 0)
    for (index, count) in toggles.enumerated() {
      switch gates.wiring.drivers[index] {
      case .lut: luts += count
      case .carrySum: carries += count
      case .dsp where gates.wiring.loads[index] > 0:
        products += count
        productBits += 1
      case .none, .input, .carry, .register, .dsp, .other: break
      }
      if gates.wiring.routedLoads[index] > 0 {
        nets += count
        loads += count * gates.wiring.routedLoads[index]
      }
    }
    profile.lutToggles = Double(luts) * perClock
    profile.netToggles = Double(nets) * perClock
    profile.netLoadToggles = Double(loads) * perClock
    profile.carryToggles = Double(carries) * perClock / 8
    // The mean over the bits in use, for each block.
    if productBits > 0 {
      profile.dspToggles =
        Double(products) * perClock * Double(profile.dspBlocks) / Double(productBits)
    }
    return profile
  }
}
