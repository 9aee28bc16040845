import PareDatapath
import PareNumerics

extension VHDLNodes {
  func lookup(
    _ x: VHDLWord, _ shape: LookupShape, _ shift: Int, _ wire: Wire, _ logic: inout VHDLLogic
  ) {
    let name = names[wire]
    let bits = bits(wire)
    let magnitude = DerivedSignal.magnitude.named(after: name)
    let index = DerivedSignal.index.named(after: name)
    let magnitudeBits = max(1, x.bits - 1)
    let low = x.slice(magnitudeBits - 1, 0)
    logic.wires.append(
      .init(
        name: magnitude, type: .unsigned(magnitudeBits),
        value: shape.isSigned
          ? "unsigned(not \(low)) when \(x.sign) = '1' else unsigned(\(low))" : "unsigned(\(low))"))
    let indexBits = max(shape.addressBits, magnitudeBits - shift)
    logic.wires.append(
      .init(
        name: index, type: .unsigned(indexBits),
        value: "resize(shift_right(\(magnitude), \(shift)), \(indexBits))"))
    var limited = index
    if shape.isLimited {
      let isPower = shape.count == 1 << shape.addressBits
      let over =
        isPower
        ? "(or \(index)(\(indexBits - 1) downto \(shape.addressBits))) = '1'"
        : "\(index) > \(shape.count - 1)"
      limited =
        "to_unsigned(\(shape.count - 1), \(shape.addressBits)) when \(over) else "
        + "\(index)(\(shape.addressBits - 1) downto 0)"
    }
    let address = DerivedSignal.address.named(after: name)
    logic.inner.append(
      .init(name: address, type: .unsigned(shape.addressBits), value: limited))
    let rom = RomTable(pipeline.datapath[wire], pipeline.datapath)
    guard let table = shared.tables.first(where: { $0.table == rom }) else {
      preconditionFailure("%\(wire.index) has no table")
    }
    var flag = DerivedSignal.sign.named(after: name)
    if shape.isSigned { logic.inner.append(.init(name: flag, type: .bit, value: x.sign)) }
    var read = "\(table.name)(to_integer(\(address)))"
    if shape.bankCount > 1 {
      read = pickedBank(table.name, shape, name, flag, &logic)
      flag = DerivedSignal.bankSign.named(after: name)
    }
    guard shape.isSigned else {
      precondition(bits == shape.entryBits, "\(name): entries of \(shape.entryBits) bits")
      logic.value = read
      return
    }
    let entry = VHDLWord(name: DerivedSignal.entry.named(after: name), bits: shape.entryBits)
    let entrySign = DerivedSignal.entrySign.named(after: name)
    logic.inner.append(.init(name: entry.name, type: .signed(entry.bits), value: read))
    logic.inner.append(.init(name: entrySign, type: .bit, value: flag))
    let word = entry.fitted(to: bits)
    logic.value = "-\(word) when \(entrySign) = '1' else \(word)"
  }

  /// Registers for what every bank holds at the address, and the choice among them.
  private func pickedBank(
    _ table: String, _ shape: LookupShape, _ name: String, _ flag: String,
    _ logic: inout VHDLLogic
  ) -> String {
    let address = DerivedSignal.address.named(after: name)
    let select = DerivedSignal.select.named(after: name)
    let low = LookupShape.bankAddressBits
    for bank in 0..<shape.bankCount {
      logic.inner.append(
        .init(
          name: "\(name)_b\(bank)", type: .signed(shape.entryBits),
          value: "\(table)b\(bank)(to_integer(\(address)(\(low - 1) downto 0)))"))
    }
    logic.inner.append(
      .init(
        name: select, type: .unsigned(shape.selectBits),
        value: "\(address)(\(shape.addressBits - 1) downto \(low))"))
    if shape.isSigned {
      logic.inner.append(
        .init(name: DerivedSignal.bankSign.named(after: name), type: .bit, value: flag))
    }
    let last = "\(name)_b\(shape.bankCount - 1)"
    return (0..<(shape.bankCount - 1)).reversed().reduce(last) { rest, bank in
      "\(name)_b\(bank) when \(select) = \(bank) else \(rest)"
    }
  }
}
