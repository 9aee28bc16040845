/// What switches in a circuit at each clock, and how much of it there is: all that a power model has to know of a design.
///
/// Made from a netlist by counting toggles net by net, or from a pipelined graph before any synthesis; ``origin`` tells. One
/// clock takes in as many samples as the design has lanes, so energies per sample are those per clock divided by that number.
public struct SwitchingProfile: Hashable, Sendable, Codable {
  /// How the toggles were counted.
  public enum Origin: String, Hashable, Sendable, Codable, CaseIterable {
    /// On the words of the dataflow graph: what registers show, cells by the cost model.
    case datapath
    /// On the bits of the netlist, settled values only.
    case netlist
    /// On the bits of the netlist with one unit of delay for each cell, so that glitches count.
    case netlistUnitDelay
  }

  public var origin: Origin
  /// Clocks that toggles were counted on, over all stretches together.
  public var clocks: Int
  /// Flip-flops; each costs a clock edge whether or not it toggles.
  public var flipFlops = 0
  /// LUTs that are shift registers.
  public var shiftRegisterLUTs = 0
  /// DSP blocks.
  public var dspBlocks = 0
  /// Toggles at LUT outputs per clock, summed over LUTs. A LUT with two outputs has two.
  public var lutToggles = 0.0
  /// Toggles per clock, summed over routed nets: not those from carry to carry, nor from a LUT to the carry cell beside it.
  public var netToggles = 0.0
  /// The same with each net counted once for each of its loads.
  public var netLoadToggles = 0.0
  /// Toggles of carry cells of eight bits per clock: the mean over a cell's sum outputs, summed over cells.
  public var carryToggles = 0.0
  /// Toggles per clock and output bit of a DSP block, summed over blocks.
  public var dspToggles = 0.0

  public init(origin: Origin, clocks: Int) {
    self.origin = origin
    self.clocks = clocks
  }
}
