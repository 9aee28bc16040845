import ArgumentParser

/// `pare dpd`: predistorters, and what they are worth through models of an amplifier.
struct DPDVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dpd",
    abstract:
      "Score predistorted waveforms on a public benchmark, through models of its amplifier.",
    subcommands: [DPDFetch.self, DPDWaveform.self, DPDScore.self])
}
