import ArgumentParser

/// `pare qor`: figures that tools have reported.
struct QoRVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "qor",
    abstract: "Compare the figures of designs, list devices, read the reports of vendors' tools.",
    subcommands: [QoRCompare.self, QoRDevices.self, QoRParse.self])
}
