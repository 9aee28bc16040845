import ArgumentParser
import PareExplore
import PareSignal
import PareText

/// `pare dataset make`: a data set without any measurement.
struct DatasetMake: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make",
    abstract: "Make a data set: a seeded OFDM waveform through a published amplifier model.")

  @Option(help: "\(amplifierNames).")
  var amplifier = "memory-polynomial"

  @Option(help: "Samples of all three splits together.")
  var samples = 98_304

  @Option(help: "Sample rate in Hz.")
  var sampleRate: Double?

  @Option(help: "Bandwidth of the main channel in Hz.")
  var bandwidth: Double?

  @Option(help: "Carriers in the main channel.")
  var subChannels: Int?

  @Option(help: "Largest input magnitude; the amplifier's nominal peak unless given.")
  var peak: Double?

  @Option(
    name: .customLong("snr"), parsing: .unconditional,
    help: "Signal-to-noise ratio of the output in dB; no noise unless given.")
  var signalToNoise: Double?

  @Option(help: "Seed of symbols and noise.")
  var seed: UInt64 = 1

  @Option(help: "The folder to write.")
  var out: String

  @Flag(help: "Replace the folder if it is there.")
  var force = false

  @OptionGroup var common: CommonOptions

  private static let amplifierNames = PublishedAmplifiers.all.map(\.name).joined(separator: " or ")

  func validate() throws {
    guard PublishedAmplifiers.amplifier(named: amplifier) != nil else {
      throw ValidationError("--amplifier is '\(amplifier)'; known: \(Self.amplifierNames)")
    }
    guard (1000...100_000_000).contains(samples) else {
      throw ValidationError("--samples is \(samples); give 1,000 to 100,000,000")
    }
  }

  func run() async throws {
    guard let model = PublishedAmplifiers.amplifier(named: amplifier) else {
      preconditionFailure("validate() admits only known amplifiers, not \(amplifier)")
    }
    var waveform = OFDMWaveform()
    if let sampleRate { waveform.sampleRate = sampleRate }
    if let bandwidth { waveform.bandwidth = bandwidth }
    if let subChannels { waveform.subChannelCount = subChannels }
    let dataset = try IQDataset.synthesized(
      by: model, seed: seed, waveform: waveform, sampleCount: samples, peak: peak,
      signalToNoise: signalToNoise)
    try dataset.write(to: out, replacing: force)
    let summary = try dataset.summary()
    Console.result(common.json ? JSONText.encode(summary) : summary.text)
  }
}
