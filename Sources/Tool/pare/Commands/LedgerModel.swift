import ArgumentParser
import PareExplore
import PareText

/// `pare ledger model`: one network of a sweep as a file.
struct LedgerModel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Write the model of one row, for pare apply, evaluate, compile and implement.")

  @Argument(help: "The folder of a sweep, or its ledger.sqlite.")
  var run: String

  @Argument(help: "The key of the row, or its name when no other row has it.")
  var name: String

  @Option(help: "The file to write; standard output when it is not given.")
  var out: String?

  @OptionGroup var common: CommonOptions

  private struct Summary: Encodable {
    var key: String
    var name: String
    var model: String
  }

  func validate() throws {
    if common.json, out == nil {
      throw ValidationError("--json needs --out: the model is the output")
    }
  }

  func run() async throws {
    if let out { try TextFile.requireFileName(out) }
    let ledger = try Ledger(reading: Ledger.path(ofRun: run))
    let row = try ledger.finished(named: name)
    guard let model = try ledger.model(of: row.key) else {
      throw ExploreError(
        .file(path: ledger.path), "\(ledger.path): no model is kept for \(row.key)",
        hint: "train the point again with pare train")
    }
    guard let out else { return Console.result(model) }
    try TextFile.write(model, to: out)
    common.progress.event("wrote \(out)")
    if common.json {
      Console.result(JSONText.encode(Summary(key: row.key, name: row.name, model: out)))
    }
  }
}
