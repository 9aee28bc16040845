import ArgumentParser

/// The root command; every verb is a file of its own in `Commands/`.
@main
struct Pare: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "pare",
    abstract: "Take a small neural network from measured data to gates.",
    discussion: """
      Results go to standard output, everything else to standard error. Exit codes: 0 ok, 1 failed, 64 usage,
      65 bad data, 69 a needed tool is missing, 130 interrupted.
      """,
    version: version,
    subcommands: [
      Demo.self, Init.self, Dataset.self, Train.self, Sweep.self, LedgerVerb.self, Pareto.self,
      Report.self, Baseline.self, Apply.self, Metrics.self, Evaluate.self, WordLength.self,
      Compile.self, Simulate.self, Verify.self, Implement.self, QoRVerb.self, PowerVerb.self,
      DPDVerb.self, Reproduce.self, Doctor.self,
    ])

  static func main() async {
    await Interruption.run().report()
  }
}
