import Foundation
import PareExplore
import PareFixed
import PareNetwork
import PareNumerics
import PareSignal
import Testing

@testable import PareReport

/// Spectra and characteristics against what is known of them.
@Suite struct SignalFiguresTests {
  private let dataset: IQDataset

  init() throws {
    var waveform = OFDMWaveform()
    waveform.transformLength = 1024
    waveform.prefixLength = 72
    waveform.edgeLength = 64
    dataset = try IQDataset.synthesized(
      by: MemoryPolynomialAmplifier(), seed: 3, waveform: waveform, sampleCount: 20_000)
  }

  /// A network that gives its input back: all of it is the skip.
  private func identity(direction: String?) throws -> WaveformModel {
    let architecture = try Architecture(hiddenChannels: [1], kernelSize: 1)
    let layers = architecture.layerShapes.map {
      Layer(
        shape: $0, weights: Array(repeating: 0, count: $0.weightCount),
        biases: Array(repeating: 0, count: $0.outputChannels))
    }
    let network = Network(
      architecture: architecture, layers: layers, mask: Mask(allOf: architecture)
    ).quantized(by: .none)
    return .network(
      ModelFile(
        generator: "pare test",
        task: direction.map {
          .init(
            dataset: dataset.name, datasetHash: StableHash.hex(dataset.stableHash), direction: $0,
            gainI: 1, gainQ: 0, sampleRateHz: dataset.sampleRate, bandwidthHz: dataset.bandwidth)
        }, network: network,
        fixed: try network.fixed(
          to: .uniform(WordFormat(wordLength: 24, integerBits: 3), for: architecture))))
  }

  /// The amplifier itself in the place of a model of it.
  private func amplifier() throws -> AmplifierModel {
    let gain = dataset.leastSquaresGain.reciprocal
    return try AmplifierModel(named: "exact", of: dataset, margin: 16) { channels in
      MemoryPolynomialAmplifier().amplify(IQSignal(channels: channels)).scaled(by: gain).channels
    }
  }

  @Test func `doing nothing in front of the amplifier itself changes no curve`() throws {
    let figures = try SignalFigures(
      of: identity(direction: "inverse"), on: dataset, through: amplifier(), generator: "pare 0")
    #expect(figures.isPredistorter)
    #expect(figures.spectra.map(\.name) == ["without predistortion", "with predistortion"])
    let (before, after) = (figures.spectra[0], figures.spectra[1])
    // Words of 24 bits and single precision are 120 dB below full scale; the start of the split, where the captured amplifier
    // remembers other samples than zeros, is a few samples of 4,000.
    for (a, b) in zip(before.decibels, after.decibels) where a > -40 { #expect(abs(a - b) < 0.3) }
    for (a, b) in zip(figures.characteristics[0].bins, figures.characteristics[1].bins)
    where a.count > 100 {
      #expect(abs(a.gain - b.gain) < 0.02)
      #expect(abs(a.phase - b.phase) < 0.2)
    }
    #expect(figures.remarks[0].contains("simulated through the amplifier model 'exact'"))
  }

  @Test
  func `the wanted signal's density in its channel is 0 dB, and a spectrum spans the sample rate`()
    throws
  {
    let figures = try SignalFigures(
      of: identity(direction: "inverse"), on: dataset, through: nil, generator: "pare 0")
    let spectrum = try #require(figures.spectra.first)
    #expect(spectrum.megahertz.count == SignalFigures.windowLength)
    #expect(spectrum.megahertz.first == -dataset.sampleRate / 2e6)
    #expect(zip(spectrum.megahertz, spectrum.megahertz.dropFirst()).allSatisfy { $0 < $1 })
    let inside = zip(spectrum.megahertz, spectrum.decibels)
      .filter { abs($0.0) < dataset.bandwidth / 2e6 }.map { pow(10, $0.1 / 10) }
    let mean = inside.reduce(0, +) / Double(inside.count)
    // The amplifier's least-squares gain was taken out: its output has about the input's power in the channel.
    #expect(abs(decibels(mean)) < 0.3)
    // Without a model nothing is simulated, and that is said.
    #expect(figures.spectra.count == 1)
    #expect(figures.remarks.contains { $0.contains("no model of the amplifier was given") })
  }

  @Test func `a model of the amplifier stands beside the measurement with its error`() throws {
    let figures = try SignalFigures(
      of: identity(direction: "forward"), on: dataset, through: nil, generator: "pare 0")
    #expect(!figures.isPredistorter)
    #expect(
      figures.spectra.map(\.name) == ["amplifier", "the design", "error of the design"])
    // The identity's gain is 0 dB and 0 degrees everywhere, but for the rounding to 24 bits.
    for bin in figures.characteristics[1].bins {
      #expect(abs(bin.gain) < 1e-3)
      #expect(abs(bin.phase) < 1e-2)
    }
    let wanted = dataset.test.output.scaled(by: dataset.leastSquaresGain.reciprocal)
    let expected = try MetricsReport(of: dataset.test.input, against: wanted, plan: dataset.plan)
    #expect(abs(figures.scores[0].metrics.nmse - expected.nmse) < 1e-3)
  }

  @Test func `few dots stand for many samples, the same each time`() throws {
    let figures = try SignalFigures(
      of: identity(direction: "forward"), on: dataset, through: nil, generator: "pare 0")
    for characteristic in figures.characteristics {
      #expect(characteristic.samples.count <= 2 * SignalFigures.dotCount)
      #expect(characteristic.samples.count > 100)
    }
    var design = SyntheticDesign().design
    design.signal = .value(figures)
    let html = QoRPage(title: "t", designs: [design]).html
    #expect(html == QoRPage(title: "t", designs: [design]).html)
    let tree = try PageTree(html)
    for id in ["psd", "amam", "ampm"] {
      #expect(tree.root.all("figure").contains { $0.attributes["id"] == "design-1-\(id)" })
    }
    #expect(html.utf8.count < 200_000)
  }

  @Test func `a network of unknown purpose is refused`() throws {
    #expect(throws: ExploreError.self) {
      try SignalFigures(
        of: identity(direction: nil), on: dataset, through: nil, generator: "pare 0")
    }
  }
}
