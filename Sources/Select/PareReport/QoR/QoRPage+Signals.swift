import PareNumerics
import PareSignal
import PareText

extension QoRPage {
  func signalFigures(
    of design: QoRDesign, id: String, _ origins: inout OriginList
  ) -> [String] {
    let signal: SignalFigures
    switch design.signal {
    case .value(let known): signal = known
    case .absent(let why):
      return [
        "<figure class=\"plot\"><h3>Signals</h3>\(Self.absent("spectra, AM/AM and AM/PM", why))</figure>"
      ]
    }
    func mark(_ source: SignalFigures.Source) -> String {
      origins.mark(FigureOrigin(source, signal))
    }
    let remarks = signal.remarks.map { "<p class=\"note\">\(HTMLText.escape($0))</p>" }.joined()
    let spectrum = PlanePlot(
      id: "\(id)-psd",
      title: signal.isPredistorter
        ? "Power spectral density, before and after predistortion" : "Power spectral density",
      note: "Over the mean density in the channel. "
        + signal.spectra.map { "\(HTMLText.escape($0.name)): \($0.source.word)\(mark($0.source))" }
        .joined(separator: "; ") + ".",
      xTitle: "frequency, MHz", yTitle: "dB",
      xLimits: signal.spectra.first.map { $0.megahertz.first!...($0.megahertz.last!) },
      series: signal.spectra.enumerated().map { index, spectrum in
        PlanePlot.Series(
          name: spectrum.name, color: Self.color(index), style: .curve,
          points: zip(spectrum.megahertz, spectrum.decibels).map { PlanePlot.Point(x: $0, y: $1) })
      })
    return [
      scores(of: signal, remarks, &origins), spectrum.html,
      characteristic(
        of: signal, id: "\(id)-amam", title: "AM/AM", yTitle: "gain, dB", mark: mark,
        sample: \.gain, bin: \.gain, deviation: \.gainDeviation),
      characteristic(
        of: signal, id: "\(id)-ampm", title: "AM/PM", yTitle: "phase, degrees", mark: mark,
        sample: \.phase, bin: \.phase, deviation: \.phaseDeviation),
    ]
  }

  /// Vermilion before, blue after: apart for colour-blind readers, and dark enough on paper.
  private static func color(_ index: Int) -> Int { [1, 0, 2][index % 3] }

  private func scores(
    of signal: SignalFigures, _ remarks: String, _ origins: inout OriginList
  ) -> String {
    let rows = signal.scores.map { score in
      let origin = FigureOrigin(score.source, signal)
      let cells = [
        score.metrics.nmse, score.metrics.evm, max(score.metrics.aclrLeft, score.metrics.aclrRight),
      ].map { value in
        "<td>\(origins.number(value.fixed(2).replacing("-", with: "\u{2212}"), origin))</td>"
      }
      return
        "<tr><td>\(HTMLText.escape(score.name)), \(score.source.word)</td>\(cells.joined())</tr>"
    }
    return """
      <figure class="plot">
      <h3>\(signal.isPredistorter ? "Linearization" : "Model of the amplifier")</h3>
      <p class="note">Test split of \(HTMLText.escape(signal.dataset)), against \(signal.isPredistorter ? "the linear amplifier of least-squares gain" : "the measured output"); the worse of both sides for ACLR.</p>
      <table class="compare">
      <thead><tr><th scope="col">output</th><th scope="col">NMSE, dB</th><th scope="col">EVM, dB</th><th scope="col">ACLR, dBc</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table>
      \(remarks)
      </figure>
      """
  }

  private func characteristic(
    of signal: SignalFigures, id: String, title: String, yTitle: String,
    mark: (SignalFigures.Source) -> String,
    sample: KeyPath<SignalFigures.Characteristic.Sample, Double>,
    bin: KeyPath<AmplitudeCharacteristic.Bin, Double>,
    deviation: KeyPath<AmplitudeCharacteristic.Bin, Double>
  ) -> String {
    let bins = signal.characteristics.flatMap(\.bins)
    guard !bins.isEmpty else {
      return
        "<figure class=\"plot\"><h3>\(title)</h3>\(Self.absent(title, "no sample is large enough"))</figure>"
    }
    // Samples far from their mean, and the spread of small ones, where noise is large, are cut off for the curves' sake.
    let largest = bins.map(\.input).max()!
    let reach = bins.map {
      ($0[keyPath: bin], $0.input < 0.2 * largest ? 0 : 2 * $0[keyPath: deviation])
    }
    let low = reach.map { $0.0 - $0.1 }.min()!
    let high = reach.map { $0.0 + $0.1 }.max()!
    let dots = signal.characteristics.enumerated().map { index, characteristic in
      PlanePlot.Series(
        name: "", color: Self.color(index), style: .dots,
        points: characteristic.samples.map {
          PlanePlot.Point(x: $0.input, y: $0[keyPath: sample])
        })
    }
    let curves = signal.characteristics.enumerated().map { index, characteristic in
      PlanePlot.Series(
        name: characteristic.name, color: Self.color(index), style: .curve,
        points: characteristic.bins.map { PlanePlot.Point(x: $0.input, y: $0[keyPath: bin]) })
    }
    return PlanePlot(
      id: id, title: title,
      note: "Curves are means of \(SignalFigures.binCount) ranges of magnitude, dots are samples. "
        + signal.characteristics.map {
          "\(HTMLText.escape($0.name)): \($0.source.word)\(mark($0.source))"
        }.joined(separator: "; ") + ".",
      xTitle: "input magnitude, full scale 1", yTitle: yTitle, yLimits: low...max(high, low + 1e-6),
      series: dots + curves
    ).html
  }

  func wordLengths(of design: QoRDesign, id: String, _ origins: inout OriginList) -> String {
    let curve: WordLengthCurve
    switch design.wordLengths {
    case .value(let known): curve = known
    case .absent(let why):
      return
        "<figure class=\"plot\"><h3>Word lengths</h3>\(Self.absent("the word-length curve", why))</figure>"
    }
    let origin = FigureOrigin(
      .measured, tool: "pare", version: nil, stage: "word-length study",
      note: "the network run in integers on \(curve.samples)")
    let bits = Set(curve.points.map(\.integerBits)).sorted()
    var series = bits.enumerated().map { index, bits in
      PlanePlot.Series(
        name: "<W,\(bits)>", color: index, style: .curve,
        points: curve.points.filter { $0.integerBits == bits }
          .sorted { $0.wordLength < $1.wordLength }
          .map { PlanePlot.Point(x: Double($0.wordLength), y: $0.nmse) })
    }
    let ends = curve.points.map(\.wordLength)
    series.append(
      PlanePlot.Series(
        name: "in floats", color: 7, style: .dashed,
        points: [ends.min()!, ends.max()!].map {
          PlanePlot.Point(x: Double($0), y: curve.floatNMSE)
        }))
    let float = origins.number(Self.decibels(curve.floatNMSE), origin)
    let own = origins.number(Self.decibels(curve.ownNMSE), origin)
    return PlanePlot(
      id: "\(id)-wordlength", title: "Word lengths: one format for all tensors",
      note:
        "NMSE of the integers\(origins.mark(origin)) over the word length W, a curve for each number of integer bits. In floats \(float), in the formats of the model \(own).",
      xTitle: "word length W", yTitle: "NMSE, dB", series: series
    ).html
  }
}

extension SignalFigures.Source {
  fileprivate var word: String {
    switch self {
    case .measured: "measured"
    case .simulated: "simulated"
    case .model: "the integers"
    }
  }
}

extension FigureOrigin {
  /// Where a curve or a score comes from.
  fileprivate init(_ source: SignalFigures.Source, _ signal: SignalFigures) {
    let words = signal.generator.split(separator: " ", maxSplits: 1).map(String.init)
    let tool = words.first ?? signal.generator
    let version = words.count > 1 ? words[1] : nil
    switch source {
    case .measured:
      self.init(
        .measured, tool: tool, version: version, stage: "capture",
        note: "test split of \(signal.dataset), as captured; figures computed from it")
    case .simulated(let model, let fidelity):
      self.init(
        .estimated, tool: tool, version: version, stage: "simulation",
        note:
          "the integers of the design drive the amplifier model '\(model)', \(fidelity); test split of \(signal.dataset)"
      )
    case .model:
      self.init(
        .measured, tool: tool, version: version, stage: "integer model",
        note: "the integers of the design on the test split of \(signal.dataset)")
    }
  }
}
