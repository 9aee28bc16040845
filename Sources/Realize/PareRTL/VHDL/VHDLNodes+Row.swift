import PareDatapath
import PareNumerics

extension VHDLNodes {
  /// Rows are components, so that the Verilog module of that name can stand for the entity where languages mix.
  static let rowComponent = """

    component pare_row3 is
      generic (W : integer; NA, NB, NC : integer := 0);
      port (
        a, b, c : in  std_logic_vector(W - 1 downto 0);
        y       : out std_logic_vector(W - 1 downto 0)
      );
    end component;
    """

  /// A sum of three operands as an instance of `pare_row3`, with the bits that ``VerilogRow`` gives it.
  func row(_ operands: [Operand], of wire: Wire, _ logic: inout VHDLLogic) {
    let name = names[wire]
    let bits = bits(wire)
    let (terms, base) = VerilogRow.arranged(
      operands.map { shared.term($0, readBy: wire) { signal($0).name } }, bits: bits, name: name)
    func text(_ term: VerilogRow.Term, from base: Int, bits count: Int) -> String {
      if let constant = term.constant { return vhdlLiteral(constant >> Int64(base), bits: count) }
      guard let wire = term.wire else { preconditionFailure("\(name): a term of nothing") }
      return VHDLWord(name: term.signal, bits: self.bits(wire))
        .shifted(right: base - term.shift, to: count)
    }
    let words: [DerivedSignal] = [.first, .second, .third]
    for (term, word) in zip(terms, words) {
      logic.wires.append(
        .init(
          name: word.named(after: name), type: .vector(bits - base),
          value: "std_logic_vector(\(text(term, from: base, bits: bits - base)))"))
    }
    let high = DerivedSignal.high.named(after: name)
    logic.driven.append((high, .vector(bits - base)))
    let flags = zip(terms, ["NA", "NB", "NC"]).map { "\($1) => \($0.isNegated ? 1 : 0)" }
    let ports = zip(["a", "b", "c"], words).map { "\($0) => \($1.named(after: name))" }
    logic.instance = [
      "\(DerivedSignal.row.named(after: name)) : pare_row3",
      "  generic map (W => \(bits - base), \(flags.joined(separator: ", ")))",
      "  port map (\(ports.joined(separator: ", ")), y => \(high));",
    ]
    guard base > 0 else {
      logic.value = "signed(\(high))"
      return
    }
    let low = DerivedSignal.low.named(after: name)
    logic.wires.append(
      .init(
        name: low, type: .vector(base),
        value: "std_logic_vector(\(text(terms[0], from: 0, bits: base)))"))
    logic.value = "signed(\(high) & \(low))"
  }
}
