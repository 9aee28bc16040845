import ArgumentParser

/// `pare qor`: figures of implementations.
struct QoRVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "qor",
    abstract: "Implement designs of a sweep, read the reports of vendors' tools.",
    subcommands: [QoRRunCommand.self, QoRParse.self])
}
