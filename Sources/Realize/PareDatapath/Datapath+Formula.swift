import PareNumerics

extension Datapath {
  /// What each node computes, as a person would write it: `4*x0[n-2] - x0[n-4] + 512`, or `relu(l0c0)`.
  ///
  /// Sums are written over the nearest wires that are not sums themselves.
  ///
  /// - Parameters:
  ///   - name: of a wire.
  ///   - longest: terms of a sum that are written out; a longer one shows how many more there are.
  public func formulas(longest: Int = 6, naming name: (Wire) -> String) -> [String] {
    var analysis = RangeAnalysis()
    for node in nodes { analysis.append(node) }
    return nodes.indices.map { index in
      let form = analysis.forms[index]
      if form == .atom(Wire(index)) { return formula(of: nodes[index], name) }
      return form.text(longest: longest, name)
    }
  }

  private func formula(of node: Node, _ name: (Wire) -> String) -> String {
    switch node.op {
    case .input(let channel): "\(inputs[channel])[n]"
    case .constant(let value): "\(value)"
    case .delay(let wire, let samples): "\(name(wire))[n-\(samples)]"
    case .linear, .add: "a sum"
    case .multiply(let a, let b): "\(name(a)) * \(name(b))"
    case .relu(let wire): "max(0, \(name(wire)))"
    case .clamp(let wire, let lower, let upper): "\(name(wire)) within \(lower)...\(upper)"
    case .requantize(let wire, let rounding, let overflow):
      requantization(wire, to: node.format, rounding, overflow, name)
    case .lookup(let wire, let shift, let table):
      "table of \(table.count) at |\(name(wire))|" + (shift > 0 ? " >> \(shift)" : "")
    }
  }

  private func requantization(
    _ wire: Wire, to format: WordFormat, _ rounding: Rounding, _ overflow: Overflow,
    _ name: (Wire) -> String
  ) -> String {
    let shift = self[wire].format.fractionBits - format.fractionBits
    let moved =
      shift > 0
      ? "\(name(wire)) >> \(shift)\(rounding == .floor ? "" : " (\(rounding.rawValue))")"
      : shift < 0 ? "\(name(wire)) << \(-shift)" : name(wire)
    return "\(moved), \(overflow == .saturate ? "saturated" : "wrapped") to \(format)"
  }
}

extension AffineForm {
  fileprivate func text(longest: Int, _ name: (Wire) -> String) -> String {
    var text = ""
    func append(_ value: String, isNegative: Bool) {
      text += text.isEmpty ? (isNegative ? "-" : "") : (isNegative ? " - " : " + ")
      text += value
    }
    for (atom, coefficient) in terms.prefix(longest) {
      let factor = coefficient.magnitude == 1 ? "" : "\(coefficient.magnitude)*"
      let time = atom.delay == 0 ? "[n]" : "[n-\(atom.delay)]"
      append("\(factor)\(name(atom.wire))\(time)", isNegative: coefficient < 0)
    }
    if terms.count > longest { append("\(terms.count - longest) more", isNegative: false) }
    if bias != 0 || terms.isEmpty { append("\(bias.magnitude)", isNegative: bias < 0) }
    return text
  }
}
