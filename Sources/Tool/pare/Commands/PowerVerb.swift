import ArgumentParser

/// `pare power`: the power model.
struct PowerVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "power",
    abstract: "Estimate power from what switches, fit the model to power reports of Vivado.",
    subcommands: [PowerEstimateCommand.self, PowerCalibrate.self])
}
