public import PareDPD
public import PareExplore
import PareNumerics
import PareSignal
import PareText

/// One HTML file with the figures of predistorter designs: table, spectra, AM/AM and AM/PM, all simulated through one judge.
public struct PredistorterPage: Sendable {
  private let report: PredistorterReport
  private let benchmark: PredistortionBenchmark
  private let judge: Judge
  private let folder: String

  /// - Parameter folder: of the designs, with their drives.
  public init(
    _ report: PredistorterReport, on benchmark: PredistortionBenchmark, judge: Judge,
    folder: String
  ) {
    self.report = report
    self.benchmark = benchmark
    self.judge = judge
    self.folder = folder
  }

  private struct Output {
    let name: String
    let signal: IQSignal
  }

  /// Equal reports give equal bytes.
  ///
  /// - Throws: `SignalError` when a drive cannot be read back.
  public func html() throws -> String {
    let outputs = try outputs()
    let plots = [try spectrum(outputs)] + characteristics(outputs)
    let figures = plots.map { plot in
      """
      <figure class="plot">
      <h2>\(HTMLText.escape(plot.title))</h2>
      \(plot.svg)
      </figure>
      """
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Predistorters in closed form</title>
      <style>
      \(String(decoding: PackageResources.report_css, as: UTF8.self))
      </style>
      </head>
      <body>
      <header><h1>Predistorters in closed form</h1></header>
      <dl class="facts">
      <dt>benchmark</dt><dd>\(HTMLText.escape(report.benchmark)), test split</dd>
      <dt>designed for</dt><dd>\(HTMLText.escape(report.judges.map(\.name).joined(separator: ", ")))</dd>
      <dt>curves through</dt><dd>\(HTMLText.escape(judge.name)), a model of the amplifier with an error of \(fidelity) dB on measured data</dd>
      <dt>terms to choose from</dt><dd>\(report.termCount.grouped)</dd>
      <dt>made by</dt><dd>\(HTMLText.escape(report.generator))</dd>
      </dl>
      <div class="plots">
      \(figures.joined(separator: "\n"))
      </div>
      <section><h2>Designs</h2>
      <pre class="table">\(HTMLText.escape(report.table.text))</pre></section>
      <footer>Every curve and figure is simulated: the design's words drive a model of the amplifier. What lies below the model's own
      error on measured data is no evidence about the amplifier. Q is half the gain in EVM plus half the gain of the worse ACLR side
      over no predistortion; on validation, which has no whole symbol, the error in the band stands for EVM.</footer>
      </body>
      </html>

      """
  }

  private var fidelity: String {
    report.designs.first?.test.judges.first { $0.judge == judge.name }?.fidelityDB.fixed(1) ?? "-"
  }

  private func outputs() throws -> [Output] {
    let plain = benchmark.input(.test)
      .scaled(by: benchmark.baselineScale(through: judge.amplifier))
    var drives = [("unpredistorted", plain)]
    for row in report.designs {
      drives.append(
        (row.folder, try IQSignal(contentsOfCSV: "\(folder)/\(row.folder)/drive-test.csv")))
    }
    return drives.map { name, drive in
      Output(name: name, signal: judge.amplifier.amplify(benchmark.transmitted(drive)))
    }
  }

  /// Bins that a drawing of this size can show.
  private static let windowLength = 512

  private func spectrum(_ outputs: [Output]) throws -> CurvePlot {
    let target = benchmark.target(.test)
    let rate = benchmark.calibration.sampleRate
    func welch(_ signal: IQSignal) throws -> WelchSpectrum {
      try WelchSpectrum(of: signal, sampleRate: rate, windowLength: Self.windowLength)
    }
    let wanted = try welch(target)
    let inside = wanted.density.indices.filter {
      abs(wanted.frequency($0)) < benchmark.calibration.bandwidth / 2
    }
    let level = inside.reduce(0) { $0 + wanted.density[$1] } / Double(inside.count)
    let curves = try outputs.map { output in
      let spectrum = try welch(output.signal)
      return CurvePlot.Curve(
        name: output.name,
        points: spectrum.density.indices.map { index in
          // -100 dB stands for nothing at all: far below the models' errors.
          let ratio = max(spectrum.density[index] / level, 1e-10)
          return (spectrum.frequency(index) / 1e6, decibels(ratio))
        })
    }
    return CurvePlot(
      title: "Power spectral density at the amplifier's output", xTitle: "frequency, MHz",
      yTitle: "dB over the mean density in the band", yLimits: -80...10, curves: curves)
  }

  private func characteristics(_ outputs: [Output]) -> [CurvePlot] {
    let target = benchmark.target(.test)
    let curves = outputs.map { output in
      (
        output.name,
        AmplitudeCurve(
          from: target, to: output.signal,
          skipping: benchmark.calibration.windows[.test]!.metricStart)
      )
    }
    func plot(_ title: String, _ unit: String, _ value: (AmplitudeCurve.Bin) -> Double) -> CurvePlot
    {
      CurvePlot(
        title: title, xTitle: "magnitude of the target, full scale 1", yTitle: unit,
        curves: curves.map { name, curve in
          CurvePlot.Curve(name: name, points: curve.bins.map { ($0.input, value($0)) })
        })
    }
    return [
      plot("AM/AM: mean gain over the target", "dB") { $0.gain },
      plot("AM/PM: mean phase against the target", "degrees") { $0.phase },
    ]
  }
}

/// Mean gain and phase over ranges of the target's magnitude.
private struct AmplitudeCurve {
  struct Bin {
    let input: Double
    /// In dB.
    let gain: Double
    /// In degrees.
    let phase: Double
  }

  let bins: [Bin]

  private static let count = 40

  init(from target: IQSignal, to output: IQSignal, skipping margin: Int) {
    var sums = [(magnitude: Double, product: Complex, energy: Double, count: Int)](
      repeating: (0, .zero, 0, 0), count: Self.count)
    let peak = target.peak
    for n in margin..<target.count - margin {
      let place = min(Int(target[n].magnitude / peak * Double(Self.count)), Self.count - 1)
      sums[place].magnitude += target[n].magnitude
      sums[place].product = sums[place].product + output[n] * target[n].conjugate
      sums[place].energy += target[n].squaredMagnitude
      sums[place].count += 1
    }
    // A mean of fewer samples says little, and the smallest magnitudes have no gain to speak of.
    bins = sums.dropFirst().filter { $0.count >= 10 }.map { sum in
      let gain = (1 / sum.energy) * sum.product
      return Bin(
        input: sum.magnitude / Double(sum.count), gain: decibels(gain.squaredMagnitude),
        phase: portableArctangent(y: gain.im, x: gain.re) * (180 / .pi))
    }
  }
}
