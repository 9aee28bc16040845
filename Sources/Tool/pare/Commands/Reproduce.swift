import ArgumentParser

/// `pare reproduce`: the paper's tables from our own runs.
struct Reproduce: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make the paper's tables from our own runs.",
    subcommands: [ReproduceTableTwo.self])
}
