import ArgumentParser
import PareDPD
import PareExplore

/// The models that stand for the amplifier.
struct JudgeOptions: ParsableArguments {
  @Option(
    name: .customLong("judge"), parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      Models of the amplifier: \(Judge.names.joined(separator: ", ")), or paths of .json models; arena unless given, on a data set \
      sparse and gmp.
      """, valueName: "name"))
  var names: [String] = []

  func validate() throws {
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw ValidationError("--judge names \(names[twice]) twice")
    }
  }

  /// The usual ones where none is named.
  func judges(of benchmark: PredistortionBenchmark) throws -> [Judge] {
    try (names.isEmpty ? Judge.usualNames(on: benchmark) : names).map {
      try Judge($0, of: benchmark)
    }
  }
}
