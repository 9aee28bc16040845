import ArgumentParser

/// `pare qor`: figures that tools have reported.
struct QoRVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "qor",
    abstract: "Read the reports of vendors' tools.",
    subcommands: [QoRParse.self])
}
