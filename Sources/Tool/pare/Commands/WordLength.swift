import ArgumentParser
import PareDatapath
import PareExplore
import PareFixed
import PareNetwork
import PareNumerics
import PareQoR
import PareReport
import PareSignal
import PareText

/// `pare wordlength`: what the formats of a network's tensors cost, and the shortest that serve.
struct WordLength: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wordlength",
    abstract: "Study the word lengths of a network's tensors, and find the shortest that serve.",
    discussion: """
      Every figure is measured by running the network in integers. Without --losing-at-most the tables are printed and the \
      model stays as it is; with it, formats are searched that lose no more than that, and written into the model.
      """)

  @Argument(help: "A model.json of pare train or pare sweep.")
  var model: String

  @Option(help: "A name from 'pare dataset list', or a folder; the model's own when absent.")
  var dataset: String?

  @Option(help: "validation or test: what figures are measured on.")
  var split = Split.validation

  @Option(help: "dB that the integers may lose against floats, such as 0.1dB.")
  var losingAtMost: String?

  @Option(help: "What may be lost: nmse, evm or aclr.")
  var metric = LossMetric.nmse

  @Option(help: "Word lengths of the tables, from:to.")
  var wordLengths = "4:20"

  @Option(help: "Integer bits of the tables, from:to, sign included.")
  var integerBits = "1:8"

  @Option(help: "floor, nearest or convergent.")
  var rounding = Rounding.nearest

  @Option(help: "saturate or wrap.")
  var overflow = Overflow.saturate

  @Option(help: "A tanh table has 2^N entries in the tables, at most in the search.")
  var tanhTableBits = WordLengthStudy.generousTableBits

  @Option(help: "A device of the family that hardware is counted for.")
  var target = "zcu104"

  @Option(help: "Model to write; the model itself when absent.")
  var out: String?

  @Option(help: "HTML page to write, with the curves.")
  var report: String?

  @Flag(help: "Search only; no tables over word lengths.")
  var searchOnly = false

  @OptionGroup var common: CommonOptions

  func run() async throws {
    let options = try options()
    guard out == nil || options.limit != nil else {
      throw ValidationError("--out needs --losing-at-most: without it no formats are chosen")
    }
    guard !searchOnly || options.limit != nil else {
      throw ValidationError("--search-only needs --losing-at-most")
    }
    for path in [out, report].compactMap({ $0 }) { try TextFile.requireFileName(path) }
    let file = try ModelFile(json: TextFile.read(model), file: model)
    guard let name = dataset ?? file.task?.dataset else {
      throw ValidationError("\(model) names no data set; give --dataset")
    }
    let data = try await DatasetSource.load(name, onProgress: common.toolProgress)
    if let hash = file.task?.datasetHash, hash != StableHash.hex(data.stableHash) {
      common.progress.event("note: \(model) was made from other samples than \(data.name)")
    }
    let progress = common.progress
    let job = WordLengthJob(file, options)
    let result = try job.run(on: data) { event in
      switch event {
      case .stage(let name): progress.event("\(name) ...")
      case .note(let text): progress.event(text)
      case .step(let step, let loss):
        progress.event(
          "  \(step.move): \(loss.fixed(3)) dB lost, \(step.cost.fixed(0)) LUT (estimate)")
      }
    }
    if let changed = job.model(with: result) {
      let path = out ?? model
      try TextFile.write(changed.json, to: path)
      progress.event("wrote the formats into \(path)")
    }
    if let report {
      let page = WordLengthPage(
        result, title: file.network.architecture.name, command: command(dataset: name))
      try TextFile.write(page.html, to: report)
      progress.event("wrote \(report)")
    }
    Console.result(
      common.json
        ? JSONText.encode(result)
        : result.tables.map { "\($0.title)\n\n\($0.table.text)" }.joined(separator: "\n\n"))
  }

  private func options() throws -> WordLengthJob.Options {
    var options = WordLengthJob.Options()
    options.wordLengths = try range(wordLengths, "--word-lengths", within: 2...24)
    options.integerBits = try range(integerBits, "--integer-bits", within: -8...16)
    options.rounding = rounding
    options.overflow = overflow
    guard (2...14).contains(tanhTableBits) else {
      throw ValidationError("--tanh-table-bits is \(tanhTableBits); give 2 to 14")
    }
    options.tanhTableBits = tanhTableBits
    options.split = split
    options.metric = metric
    options.family = try Device(named: target).logicFamily
    options.surveys = !searchOnly
    guard split != .training else {
      throw ValidationError("--split is training; ranges come from there, measure on validation")
    }
    if let losingAtMost {
      let digits = losingAtMost.hasSuffix("dB") ? String(losingAtMost.dropLast(2)) : losingAtMost
      guard let limit = Double(digits.filter { $0 != " " }), (1e-4...60).contains(limit) else {
        throw ValidationError(
          "--losing-at-most is '\(losingAtMost)'; give decibels from 0.0001 to 60, such as 0.1dB")
      }
      options.limit = limit
    }
    return options
  }

  private func range(
    _ text: String, _ option: String, within limits: ClosedRange<Int>
  ) throws -> ClosedRange<Int> {
    let ends = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count == 2, let from = ends[0], let to = ends[1], from <= to,
      limits.contains(from), limits.contains(to)
    else {
      throw ValidationError(
        "\(option) is '\(text)'; give FROM:TO within \(limits.lowerBound):\(limits.upperBound)")
    }
    return from...to
  }

  /// What makes the page again, without the paths of outputs.
  private func command(dataset: String) -> String {
    var words = ["pare wordlength", model, "--dataset", dataset]
    if let losingAtMost { words += ["--losing-at-most", losingAtMost] }
    if metric != .nmse { words += ["--metric", metric.rawValue] }
    if split != .validation { words += ["--split", split.rawValue] }
    return (words + ["--report word-lengths.html"]).joined(separator: " ")
  }
}
