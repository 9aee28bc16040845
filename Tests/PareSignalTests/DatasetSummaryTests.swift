import Foundation
import PareSignal
import Testing

struct DatasetSummaryTests {
  @Test
  func `a measured set in figures`() throws {
    let summary = try Measured.dataset("opendpd/APA_200MHz").summary()
    #expect(summary.parts.map(\.sampleCount) == [58_980, 19_662, 19_662])
    // An independent search over the whole spectrum found 0.080.
    #expect(abs(summary.residualDelay - 0.08) < 0.005)
    #expect(summary.parts.map { ($0.nmseOwnGain * 100).rounded() } == [-1953, -1970, -1964])
    #expect(summary.parts.map { ($0.nmseTrainingGain * 100).rounded() }[0] == -1953)
    #expect(abs(summary.parts[2].nmsePeakGain + 13.8229) < 5.1e-5)
    #expect(abs(try #require(summary.parts[2].outputACLRLeft) + 27.7081) < 5.1e-5)
    let json = try JSONEncoder().encode(summary)
    #expect(try JSONDecoder().decode(DatasetSummary.self, from: json) == summary)
  }

  @Test
  func `the text of a synthetic set`() throws {
    let x = MetricsTests.tones([(-50, 0.25), (70, 0.5), (-150, 0.005), (150, 0.05)])
    let pair = IQPair(input: x, output: MemoryPolynomialAmplifier().amplify(x))
    let dataset = try IQDataset(
      name: "tones", about: "two tones", training: pair, validation: pair[0..<1000],
      test: pair[0..<500], plan: MetricsTests.plan())
    let text = try dataset.summary().text
    #expect(
      text == """
        tones: two tones
        0.001 MHz sample rate, 0.0002 MHz in 2 sub-channels, windows of 1000 samples
        gain 0.83180-0.16725j (least squares, train), 0.725994 (peak); residual delay -0.224 samples

        split  samples  segments  rms in  rms out  papr in  papr out  nmse own  nmse train  nmse peak  aclr left  aclr right
        -----  -------  --------  ------  -------  -------  --------  --------  ----------  ---------  ---------  ----------
        train    4,000         1  0.5613   0.4863     3.13      1.60    -13.67      -13.67      -8.76     -19.88      -14.63
        val      1,000         1  0.5613   0.4863     3.13      1.60    -13.67      -13.67      -8.76     -19.88      -14.63
        test       500         1  0.5613   0.4863     3.13      1.60    -13.67      -13.67      -8.76          -           -

        papr and nmse in dB, aclr in dBc. nmse: output against gain x input, the gain by least squares
        over the split itself (own) or over train, or the peak gain of train.
        """)
  }
}

extension DatasetSummaryTests {
  @Test
  func `a split whose two sides have nothing in common is refused`() throws {
    let x = MetricsTests.tones([(50, 1)])
    let orthogonal = IQPair(
      input: IQSignal(i: [1, 0], q: [0, 0]), output: IQSignal(i: [0, 1], q: [0, 0]))
    let dataset = try IQDataset(
      name: "odd", training: IQPair(input: x, output: x), validation: orthogonal,
      test: IQPair(input: x, output: x), plan: MetricsTests.plan())
    let error = #expect(throws: SignalError.self) { try dataset.summary() }
    #expect(error?.message.contains("val input and output are unrelated") == true)
  }
}

struct DatasetCatalogTests {
  @Test(arguments: DatasetCatalog.entries.map(\.name))
  func `catalog entries match the data they name`(name: String) throws {
    let entry = try DatasetCatalog.entry(named: name)
    let dataset = try Measured.dataset(name)
    #expect(dataset.sampleRate == entry.sampleRate && dataset.bandwidth == entry.bandwidth)
    #expect(Split.allCases.map { dataset[$0].count }.reduce(0, +) == entry.sampleCount)
    #expect(entry.wheelHash.count == 64)
  }

  @Test
  func `short names will do, unknown ones are named`() throws {
    #expect(try DatasetCatalog.entry(named: "DPA_160MHz").name == "opendpd/DPA_160MHz")
    #expect(throws: SignalError(.unknownDataset(name: "PA_160MHz"))) {
      try DatasetCatalog.entry(named: "PA_160MHz")
    }
  }
}
