import ArgumentParser
import PareDPD
import PareExplore
import PareFixed
import PareText

/// `pare dpd enter`: models of any kind scored as predistorters, and put into one ledger.
struct DPDEnter: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enter",
    abstract: "Score models of any kind as predistorters, and enter them into a run's ledger.",
    discussion: """
      Takes model.json of pare train, pare sweep, pare dpd refine and pare dpd design: networks, polynomials and hybrids come to stand on one \
      front. Then: pare pareto RUN --objectives quality,lut; pare report RUN; pare qor run RUN. A network that was trained on an \
      output divided by another gain than the wanted one gets its input scaled by the ratio.
      """)

  @Argument(
    help: "The folder of the run, such as that of pare dpd design; made if it is not there.")
  var run: String

  @Argument(
    help:
      "Files of models; the folder's name is the name in the ledger, or the file's if that is not model.json."
  )
  var models: [String]

  @OptionGroup var judges: JudgeOptions

  @Option(help: "A name from 'pare dataset list', or a folder; the public benchmark unless given.")
  var dataset: String?

  @OptionGroup var capture: CaptureOptions
  @OptionGroup var common: CommonOptions

  private struct Entry: Encodable {
    var name: String
    var key: String
    var isNew: Bool
    var validationQualityDB: Double?
    var testQualityDB: Double?
    var nonZeroCount: Double?
    var lut: Double?
  }

  func run() async throws {
    // All files are read before any work.
    let files = try models.map { path in
      guard case .network(let model) = try WaveformModel(contentsOf: path) else {
        throw ExploreError(
          .file(path: path), "\(path): a polynomial of pare baseline, and only networks have gates",
          hint: "'pare dpd design' makes polynomials that are networks over features")
      }
      return (path: path, model: model)
    }
    let benchmark = try await capture.benchmark(dataset, onProgress: common.toolProgress)
    let judges = try judges.judges(of: benchmark)
    let desk = PredistorterDesk(benchmark, through: judges, generator: "pare \(Pare.version)")
    try TextFile.makeFolder(run)
    let ledger = try Ledger(at: SweepFolder(run).ledgerFile)
    let progress = common.progress
    var entries: [Entry] = []
    for (path, model) in files {
      let name = Self.name(of: path)
      let known = try ledger.candidate(desk.key(of: model))
      if known != nil { progress.event("\(name): in the ledger already, kept") }
      let clock = ContinuousClock()
      let start = clock.now
      let row =
        try known
        ?? desk.enter(
          model, named: name,
          PredistorterScores(of: model, file: path, through: judges, in: benchmark),
          seconds: (clock.now - start) / .seconds(1), into: ledger)
      entries.append(
        Entry(
          name: row.name, key: row.key, isNew: known == nil,
          validationQualityDB: row.metrics[.quality], testQualityDB: row.metrics[.testQuality],
          nonZeroCount: row.metrics[.nnz], lut: row.metrics[.lut]))
    }
    Console.result(common.json ? JSONText.encode(entries) : Self.table(entries, desk.origin))
  }

  /// `runs/dpd/c100/model.json` is `c100`; `cnn.json` is `cnn`.
  private static func name(of path: String) -> String {
    let parts = path.split(separator: "/").map(String.init)
    let stem = parts.last.map { $0.hasSuffix(".json") ? String($0.dropLast(5)) : $0 } ?? path
    return stem == "model" && parts.count > 1 ? parts[parts.count - 2] : stem
  }

  private static func table(_ entries: [Entry], _ origin: String) -> String {
    var table = TextTable([
      ("name", .left), ("key", .left), ("nnz", .right), ("LUT est.", .right),
      ("Q, validation", .right), ("Q, test", .right),
    ])
    for entry in entries {
      table.add([
        entry.name, entry.key, entry.nonZeroCount.map { "\(Int($0))" } ?? "-",
        entry.lut.map { "~\(Int($0).grouped)" } ?? "-",
        entry.validationQualityDB?.fixed(2) ?? "-", entry.testQualityDB?.fixed(2) ?? "-",
      ])
    }
    return "\(table.text)\nsimulated: \(origin)"
  }
}
