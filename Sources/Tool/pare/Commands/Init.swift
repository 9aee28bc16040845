import ArgumentParser
import PareExplore
import PareText

/// `pare init`: a commented experiment to start from.
struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a commented experiment.yaml into a folder.")

  @Argument(help: "The folder; made when it is missing.")
  var folder: String

  @Flag(help: "Write a design space to sweep instead of a single design point.")
  var sweep = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if folder.isEmpty { throw ValidationError("the folder's name is empty") }
  }

  func run() async throws {
    let path = "\(folder)/experiment.yaml"
    guard !TextFile.exists(path) else {
      throw ExploreError(
        .file(path: path), "\(path) exists already",
        hint: "choose another folder, or remove the file first", kind: .failed)
    }
    try TextFile.write(sweep ? SweepExperiment.template : Experiment.template, to: path)
    if common.json { Console.result(JSONText.encode(["experiment": path])) }
    let next =
      sweep
      ? "pare sweep \(path) --dry-run" : "pare train \(path) --out \(folder)/model.json"
    common.progress.event("wrote \(path)\nnext:  \(next)")
  }
}
