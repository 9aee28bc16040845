import PareDatapath
import PareText

extension PowerSummary {
  /// A table for each design, one of ratios when there are several, and the energies with their sources.
  public var text: String {
    var blocks = designs.map(\.text)
    if designs.count > 1 {
      var table = TextTable([
        ("relative to \(designs[0].name)", .left), ("dynamic power", .right),
        ("energy per sample", .right),
      ])
      for design in designs {
        table.add(
          [design.name]
            + [design.relativePower, design.relativeEnergy].map { $0?.fixed(3) ?? "-" })
      }
      blocks.append(table.text)
    }
    for family in energies.keys.sorted() {
      var table = TextTable([
        ("energies, \(family), fJ", .left), ("low", .right), ("typical", .right), ("high", .right),
        ("per", .left), ("source", .left),
      ])
      for term in energies[family] ?? [] {
        table.add(
          [term.term.rawValue]
            + [term.joules.low, term.joules.typical, term.joules.high].map { ($0 * 1e15).fixed(1) }
            + [term.unit.perWhat, term.source])
      }
      blocks.append(table.text)
    }
    return blocks.joined(separator: "\n\n")
  }
}

extension PowerSummary.Design {
  fileprivate var text: String {
    let lanes = samplesPerClock == 1 ? "" : ", \(samplesPerClock) samples per clock"
    var lines = [
      "\(name): \(target), \(clockMHz.fixed(1)) MHz\(lanes); \(toggles.words), \(clocks.grouped) clocks; model \(model)"
    ]
    if isRankingOnly {
      lines.append("for ranking designs of this family only: \(caveat ?? "no published energies")")
      var table = TextTable([("", .left), ("share of dynamic power", .right)])
      for part in PowerEstimate.Part.allCases {
        table.add([part.words, "\((100 * (shares[part] ?? 0)).fixed(1)) %"])
      }
      lines.append(table.text)
    } else {
      var table = TextTable([("", .left), ("low", .right), ("typical", .right), ("high", .right)])
      func add(_ words: String, _ value: Bounded?, _ scale: Double, _ decimals: Int) {
        guard let value else { return table.add([words, "-", "-", "-"]) }
        table.add(
          [words]
            + [value.low, value.typical, value.high].map { ($0 * scale).fixed(decimals) })
      }
      for part in PowerEstimate.Part.allCases {
        add("\(part.words), mW", partsW?[part], 1e3, 2)
      }
      add("dynamic, mW", dynamicW, 1e3, 2)
      add("static, whole part, mW", staticW, 1e3, 0)
      add("energy per sample, pJ", energyPerSampleJ, 1e12, 1)
      lines.append(table.text)
      lines.append("low and high: all energies at the ends of their ranges at once")
    }
    return lines.joined(separator: "\n")
  }
}

extension PowerEstimate.Part {
  var words: String {
    switch self {
    case .clock: "clocks and registers"
    case .logic: "logic"
    case .signals: "signals"
    case .dsp: "DSP blocks"
    }
  }
}

extension SwitchingProfile.Origin {
  /// As it stands in tables and provenances.
  var words: String {
    switch self {
    case .datapath: "toggles of the datapath's words"
    case .netlist: "toggles of the netlist, settled values"
    case .netlistUnitDelay: "toggles of the netlist, glitches by unit delays included"
    }
  }
}

extension String {
  /// `J per toggle of ...` without its beginning.
  fileprivate var perWhat: String { hasPrefix("J per ") ? String(dropFirst(6)) : self }
}
