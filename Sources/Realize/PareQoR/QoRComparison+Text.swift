import PareText

extension QoRComparison {
  /// A table for each stage and device; `~` marks estimates, `*` a ratio of a measured and an estimated value.
  public var text: String {
    var blocks = parts.map { part in
      var table = TextTable([
        ("\(part.stage.rawValue), \(part.target)", .left), (names[0], .right), (names[1], .right),
        ("ratio", .right),
      ])
      for row in part.rows {
        table.add([
          row.title, row.first.text(row.quantity, in: row), row.second.text(row.quantity, in: row),
          row.ratioText,
        ])
      }
      return table.text
        + (part.tools[0] == part.tools[1] ? "" : "\nby \(part.tools[0]) and by \(part.tools[1])")
    }
    if let first = nmseDB[0], let second = nmseDB[1] {
      var table = TextTable([
        ("accuracy", .left), (names[0], .right), (names[1], .right), ("difference", .right),
      ])
      table.add([
        "NMSE, test, integers, dB", first.fixed(2), second.fixed(2), (second - first).fixed(2),
      ])
      blocks.append(table.text)
    }
    let rows = parts.flatMap(\.rows)
    var notes = ["ratio: \(names[1]) / \(names[0])"]
    if rows.contains(where: { [$0.first, $0.second].contains { $0?.kind == .estimated } }) {
      notes.append("~ estimated, not measured; see the provenance in qor.json")
    }
    if rows.contains(where: \.isRankingOnly) {
      notes.append(
        "relative: no energies of the family are published, so that ratios are all there is")
    }
    if rows.contains(where: { $0.basis == .mixed }) {
      notes.append("* one side is measured and the other estimated: no fair ratio")
    }
    for (name, known) in zip(names, nmseDB) where known == nil {
      notes.append("the NMSE of \(name) is not known")
    }
    for (name, targets) in zip(names, tooBig) where !targets.isEmpty {
      notes.append("\(name) does not fit \(targets.joined(separator: ", "))")
    }
    for (name, missing) in zip(names, unmatched) where !missing.isEmpty {
      notes.append("only \(name) has \(missing.joined(separator: ", "))")
    }
    return (blocks + [notes.joined(separator: "\n")]).joined(separator: "\n\n")
  }
}

extension QoRComparison.Quantity {
  fileprivate var title: String {
    switch self {
    case .lut: "LUT"
    case .ff: "FF"
    case .dsp: "DSP"
    case .area: "area, LUT + 100 DSP"
    case .powerDynamicW: "dynamic power, mW"
    case .energyPerSampleJ: "energy per sample, pJ"
    case .fmaxMHz: "fmax, MHz"
    case .latencyClocks: "latency, clocks"
    }
  }

  fileprivate func text(_ value: Double) -> String {
    switch self {
    case .lut, .ff, .dsp, .area, .latencyClocks: Int(value).grouped
    case .powerDynamicW: (value * 1e3).fixed(2)
    case .energyPerSampleJ: (value * 1e12).fixed(1)
    case .fmaxMHz: value.fixed(1)
    }
  }
}

extension QoRComparison.Row {
  fileprivate var isRankingOnly: Bool {
    [first, second].contains { $0?.isRankingOnly == true }
  }

  /// What stands for 1 where only ratios mean anything: the first side, or the only one.
  fileprivate var unit: Double { first?.value ?? second?.value ?? 1 }

  fileprivate var title: String {
    guard isRankingOnly else { return quantity.title }
    // The unit goes.
    return (quantity.title.split(separator: ",").first.map(String.init) ?? quantity.title)
      + ", relative"
  }

  fileprivate var ratioText: String {
    guard let ratio, let basis else { return "-" }
    let digits = ratio.fixed(ratio < 10 ? 2 : 1)
    return switch basis {
    case .measured: digits
    case .estimated: "~\(digits)"
    case .mixed: "~\(digits)*"
    }
  }
}

extension QoRComparison.Value? {
  fileprivate func text(_ quantity: QoRComparison.Quantity, in row: QoRComparison.Row) -> String {
    guard let self else { return "-" }
    func words(_ value: Double) -> String {
      row.isRankingOnly && row.unit > 0 ? (value / row.unit).fixed(2) : quantity.text(value)
    }
    var text = (self.kind == .estimated ? "~" : "") + words(self.value)
    // The range is that of the energies, which both sides share: it says nothing of a ratio.
    if !row.isRankingOnly, let low = self.low, let high = self.high {
      text += " (\(words(low)) to \(words(high)))"
    }
    return text
  }
}
