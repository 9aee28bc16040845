import ArgumentParser

/// `pare qor`: figures of implementations.
struct QoRVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "qor",
    abstract: "Implement designs of a sweep, compare designs, list devices, read vendors' reports.",
    subcommands: [QoRRunCommand.self, QoRCompare.self, QoRDevices.self, QoRParse.self])
}
