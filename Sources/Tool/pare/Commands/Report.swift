import ArgumentParser
import PareExplore
import PareReport
import PareText

/// `pare report`: a sweep, or designs, as a page.
struct Report: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Write one HTML page with plots, fronts and tables of a sweep, or of implemented designs.",
    discussion: """
      Of design folders that pare implement was run on, the page shows area, power, accuracy, utilization, timing and signals beside \
      those of their baselines, and where every number comes from.

      The page opens offline and asks the network for nothing. Models of the final front are written beside it, into models/. \
      A sweep that is running can be reported on. docs/guides/report.md describes the page.
      """)

  @Argument(help: "The folder of a sweep or its ledger.sqlite; or design folders.")
  var runs: [String]

  @Option(
    help:
      "The page to write; report.html beside the ledger, in the one design folder, or here for several when it is not given."
  )
  var out: String?

  @Option(
    help:
      "Design folder of the baseline; one for each design, in their order. FOLDER/baseline unless given, where it is there."
  )
  var baseline: [String] = []

  @Option(
    help:
      "A model of the amplifier (pare baseline --task forward) to simulate a predistorter's effect through."
  )
  var through: String?

  @OptionGroup(title: "Selection") var selection: SelectionOptions

  @Option(help: "How many of the final front to mark, those that add most hypervolume.")
  var top = 50

  @OptionGroup var common: CommonOptions

  private struct Summary: Encodable {
    var report: String
    var points: Int
    var failed: Int
    var merged: Int
    var final: Int
    var top: Int
    var models: Int
  }

  func validate() throws {
    if top < 0 { throw ValidationError("--top is \(top); give 0 or more") }
    if runs.isEmpty { throw ValidationError("name the folder of a sweep, or design folders") }
  }

  func run() async throws {
    if Self.isDesign(runs[0]) { return try await reportDesigns() }
    guard runs.count == 1 else {
      throw ValidationError("\(runs[0]) is no design folder, and a page of a sweep is of one sweep")
    }
    guard baseline.isEmpty, through == nil else {
      throw ValidationError("--baseline and --through go with design folders")
    }
    let run = runs[0]
    let path = Ledger.path(ofRun: run)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let page = out ?? folder + "report.html"
    try TextFile.requireFileName(page)
    var settings = try selection.settings()
    settings.top = top
    let report = try RunReport(
      of: Ledger(reading: path), named: Self.name(ofLedger: path), dataset: selection.dataset,
      task: selection.task, settings,
      commands: commands(folder: folder))
    let (models, missing) = try report.write(to: page)
    common.progress.event("wrote \(page) and \(models) model\(models == 1 ? "" : "s")")
    if !report.implemented.isEmpty {
      common.progress.event(
        "and a page of \(report.implemented.count) implemented designs beside it")
    }
    if missing > 0 {
      common.progress.event("note: the ledger has no model of \(missing) members of the front")
    }
    if common.json {
      Console.result(
        JSONText.encode(
          Summary(
            report: page, points: report.data.points.count, failed: report.data.failureCount,
            merged: report.selection.merged.members.count,
            final: report.selection.final.members.count, top: report.selection.picked.count,
            models: models)))
    }
  }

  /// The folder of a ledger, or the file when it stands alone.
  private static func name(ofLedger path: String) -> String {
    let parts = path.split(separator: "/")
    guard parts.count > 1, parts.last == "ledger.sqlite", parts[parts.count - 2] != "." else {
      return parts.last.map(String.init) ?? path
    }
    return String(parts[parts.count - 2])
  }

  /// What makes the run and the page again.
  private func commands(folder: String) -> [(title: String, line: String)] {
    var words = runs + selection.words
    if top != 50 { words += ["--top", "\(top)"] }
    let line = (["pare report"] + words.map(Self.quoted)).joined(separator: " ")
    var lines = [(title: "this page", line: line)]
    let experiment = folder + "experiment.yaml"
    if TextFile.exists(experiment) {
      let out = folder.isEmpty ? "." : String(folder.dropLast())
      lines.insert(
        ("the sweep", "pare sweep \(Self.quoted(experiment)) --out \(Self.quoted(out))"), at: 0)
    }
    return lines
  }

  /// As a shell reads it.
  static func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "/._-,:+=".contains($0))
    }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
