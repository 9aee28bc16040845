import ArgumentParser
import PareTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The flags that every verb takes.
struct CommonOptions: ParsableArguments {
  @Flag(name: .long, help: "Print the result as JSON.")
  var json = false

  @Flag(name: .long, help: "Print no progress.")
  var quiet = false

  @Flag(name: .long, help: "Print every step of long work on a line of its own.")
  var verbose = false

  var progress: ProgressPrinter { ProgressPrinter(isQuiet: quiet, isVerbose: verbose) }

  func validate() throws {
    if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other") }
  }

  /// Prints the steps of external tools.
  var toolProgress: ToolProgressHandler {
    let progress = progress
    return { progress.event("\($0.stage): \($0.detail)") }
  }
}

/// How many pieces of work run at once; results do not depend on it.
struct JobsOption: ParsableArguments {
  @Option(name: .long, help: "Pieces of work to run at once; the result does not depend on it.")
  var jobs: Int?

  /// What was given, or one per core.
  var count: Int { jobs ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs is \(jobs); give 1 or more") }
  }
}
