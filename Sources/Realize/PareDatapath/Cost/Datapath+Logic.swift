import PareNumerics

/// Cells of an FPGA with six-input tables and carry chains that a node takes, estimated.
struct NodeLogic: Hashable {
  /// Tables of a carry chain: one per full adder.
  var adderLUTs = 0
  /// Tables of limits, selections and stored values.
  var otherLUTs = 0
  var dspBlocks = 0
  /// Tables that one output bit of a stored table takes.
  var lutsPerTableBit = 0
}

extension Datapath {
  /// The estimate of one node.
  ///
  /// - An adder: one table per full adder, beside the carry chain.
  /// - A rectifier: a table masks two bits, since it has two outputs for five shared inputs.
  /// - Saturation: the same to pick bit or limit, and a tree that compares the bits that are cut off.
  /// - A clamp: as saturation, with half a table per bit for each bound that can be reached.
  /// - A stored table: one six-input table keeps 64 bits, multiplexers of the slice join four of them; another table joins
  ///   four banks; a signed one takes an adder row to negate and inverts its address.
  /// - A product of signals: DSP blocks of 27 by 18 bits, no tables.
  /// - Source: cells of Xilinx UG574, UltraScale Architecture Configurable Logic Block, and UG579, DSP Slice.
  func logic(of node: Node) -> NodeLogic {
    var logic = NodeLogic(adderLUTs: adderRows(of: node).reduce(0, +))
    let width = node.range.signedBits
    switch node.op {
    case .input, .constant, .delay, .linear, .add: break
    case .multiply(let a, let b):
      let bits = [self[a].range.signedBits, self[b].range.signedBits].sorted()
      // The blocks multiply signed words; pieces but the highest of a longer word lose the sign bit.
      logic.dspBlocks = Self.quotient(bits[1] - 1, 26) * Self.quotient(bits[0] - 1, 17)
    case .relu(let wire):
      if self[wire].range.lower < 0 { logic.otherLUTs = Self.quotient(width, 2) }
    case .clamp(let wire, let lower, let upper):
      let range = self[wire].range
      let bounds = (range.lower < lower ? 1 : 0) + (range.upper > upper ? 1 : 0)
      if bounds > 0 {
        logic.otherLUTs =
          Self.quotient(width, 2) + bounds * Self.quotient(range.signedBits, 2)
      }
    case .requantize(let wire, _, _):
      guard node.registerCount({ self[$0] }) > 0 else { break }
      let shift = self[wire].format.fractionBits - node.format.fractionBits
      let excess = self[wire].range.signedBits - shift - node.format.wordLength
      // A word that cannot leave the format is only rounded.
      if excess > 0 {
        logic.otherLUTs = Self.quotient(width, 2) + Self.quotient(excess, 5)
      }
    case .lookup(let wire, let shift, let table):
      let shape = LookupShape(self[wire].range, shift: shift, table: table)
      logic.lutsPerTableBit = Self.quotient(shape.count, 64)
      logic.otherLUTs = shape.entryBits * logic.lutsPerTableBit
      if shape.bankCount > 1 {
        logic.otherLUTs += shape.entryBits * Self.quotient(shape.bankCount - 1, 3)
      }
      if shape.isSigned {
        logic.adderLUTs += shape.entryBits
        logic.otherLUTs += Self.quotient(shape.addressBits, 2)
      }
      if shape.isLimited { logic.otherLUTs += Self.quotient(shape.addressBits, 2) }
    }
    return logic
  }

  /// Bits of a node's word below this one pass through without logic.
  func lowestLogicBit(of node: Node) -> Int {
    guard case .add = node.op, let row = adderRows(of: node).first else { return 0 }
    return max(0, node.range.signedBits - row)
  }

  /// Rounded up, at least 1.
  private static func quotient(_ number: Int, _ divisor: Int) -> Int {
    max(1, (number + divisor - 1) / divisor)
  }
}
