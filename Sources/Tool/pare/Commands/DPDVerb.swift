import ArgumentParser

/// `pare dpd`: predistorters, and what they are worth through models of an amplifier.
struct DPDVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dpd",
    abstract:
      "Design predistorters, and score any drive, on a public benchmark or a data set, through models of its amplifier.",
    subcommands: [
      DPDFetch.self, DPDAmplifier.self, DPDDesign.self, DPDRefine.self, DPDWaveform.self,
      DPDScore.self, DPDEnter.self,
    ])
}
