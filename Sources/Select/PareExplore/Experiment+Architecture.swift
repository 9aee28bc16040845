public import PareNetwork
import PareText

extension Experiment {
  /// The network of an experiment that says nothing about it: two convolutions, 2 -> 8 -> 2.
  public static var standardArchitecture: Architecture {
    do {
      return try Architecture(hiddenChannels: [8], kernelSize: 5, lookAhead: 2)
    } catch {
      preconditionFailure("the standard architecture: \(error)")
    }
  }

  /// Reads the section `architecture`; keys that are absent are those of ``standardArchitecture``.
  static func architecture(_ top: inout YAMLSection) throws -> Architecture {
    let standard = standardArchitecture
    guard var section = try top.section("architecture") else { return standard }
    let hiddenChannels = try section.integers(
      "hiddenChannels", or: standard.hiddenChannels, in: 1...4096)
    let kernelSize = try section.integer("kernelSize", or: standard.kernelSize, in: 1...4096)
    let features = try section.parsedList("features", or: standard.features) {
      try Feature(parsing: $0)
    }
    let dilations = try section.integers("dilations", or: [1], in: 1...4096)
    let activation = try section.parsed("activation", or: standard.activation) {
      try Activation(parsing: $0)
    }
    let lookAhead = try section.integer("lookAhead", or: standard.lookAhead, in: 0...4096)
    let hasSkip = try section.flag("skip", or: true)
    let hasBiases = try section.flag("biases", or: true)
    let branch = try branch(&section)
    try section.rejectUnknownKeys()
    do {
      return try Architecture(
        features: features, hiddenChannels: hiddenChannels, kernelSize: kernelSize,
        dilations: spread(dilations, over: hiddenChannels.count + 1), activation: activation,
        lookAhead: lookAhead, hasSkip: hasSkip, hasBiases: hasBiases, branch: branch)
    } catch {
      throw section.fault(section.line, error.message, hint: error.hint)
    }
  }

  /// A single number stands for all convolutions.
  public static func spread(_ dilations: [Int], over convolutions: Int) -> [Int] {
    dilations.count == 1 ? Array(repeating: dilations[0], count: convolutions) : dilations
  }

  private static func branch(_ section: inout YAMLSection) throws -> LinearBranch? {
    try section.section("branch").map(branch)
  }

  /// Reads the keys of a branch.
  static func branch(_ section: YAMLSection) throws -> LinearBranch {
    var branch = section
    let kernelSize = try branch.integer("kernelSize", or: 31, in: 1...4096)
    let lookAhead = try branch.integer("lookAhead", or: 10, in: 0...4096)
    let structure = try branch.parsed(
      "structure", or: LinearBranch.Structure.real, caseParser("structure"))
    try branch.rejectUnknownKeys()
    return LinearBranch(kernelSize: kernelSize, lookAhead: lookAhead, structure: structure)
  }
}
