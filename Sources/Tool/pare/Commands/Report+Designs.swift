import ArgumentParser
import PareExplore
import PareFixed
import PareReport
import PareSignal
import PareText

/// The page of implemented designs.
extension Report {
  private struct DesignSummary: Encodable {
    var report: String
    var designs: Int
    var baselines: Int
  }

  func reportDesigns() async throws {
    guard baseline.isEmpty || baseline.count == runs.count else {
      throw ValidationError(
        "\(runs.count) designs and \(baseline.count) baselines; give one for each design, in their order"
      )
    }
    let page = out ?? (runs.count == 1 ? Self.file("report.html", in: runs[0]) : "report.html")
    try TextFile.requireFileName(page)
    let generator = "pare \(Pare.version)"
    var datasets = ReportedData(given: selection.dataset, through: through)
    var designs: [QoRDesign] = []
    for (index, path) in runs.enumerated() {
      let folder = try DesignFolder(opening: path)
      let twin = Self.file("baseline", in: path)
      let other =
        baseline.isEmpty ? (Self.isDesign(twin) ? twin : nil) : baseline[index]
      let known = try await datasets.data(for: folder, progress: common)
      var design = try QoRDesign(
        folder: folder, baseline: try other.map { try DesignFolder(opening: $0) },
        dataset: known.dataset, amplifier: known.amplifier, generator: generator)
      if let reason = known.reason { design.signal = .absent(reason) }
      designs.append(design)
    }
    var words = ["pare report"] + runs
    for path in baseline { words += ["--baseline", path] }
    if let dataset = selection.dataset { words += ["--dataset", dataset] }
    if let through { words += ["--through", through] }
    let line = ([words[0]] + words.dropFirst().map(Self.quoted)).joined(separator: " ")
    let title =
      designs.count == 1 ? designs[0].optimized.name : "\(designs.count) designs"
    try TextFile.write(
      QoRPage(title: title, designs: designs, commands: [line]).html, to: page)
    common.progress.event(
      "wrote \(page), \(designs.count) design\(designs.count == 1 ? "" : "s")")
    if common.json {
      Console.result(
        JSONText.encode(
          DesignSummary(
            report: page, designs: designs.count,
            baselines: designs.count { $0.baseline != nil })))
    }
  }

  /// Whether a folder is one that pare compile wrote, and not that of a sweep.
  static func isDesign(_ folder: String) -> Bool {
    TextFile.exists(file("manifest.json", in: folder))
  }

  private static func file(_ name: String, in folder: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }
}

/// Data sets for the designs of a report, each loaded once.
private struct ReportedData {
  struct Known {
    var dataset: IQDataset?
    var amplifier: (model: AmplifierModel, memory: Int)?
    /// Why there is no data set.
    var reason: String?
  }

  let given: String?
  let through: String?
  private var loaded: [String: Known] = [:]

  init(given: String?, through: String?) {
    self.given = given
    self.through = through
  }

  /// The data set that was named, else the design's own where it is on this machine: a report fetches nothing.
  mutating func data(for folder: DesignFolder, progress: CommonOptions) async throws -> Known {
    guard case .model(let model) = folder.source else { return Known() }
    guard let name = given ?? model.task?.dataset else { return Known() }
    if let known = loaded[name] { return known }
    var known = Known()
    let dataset =
      given == nil
      ? try DatasetSource.cached(name)
      : try await DatasetSource.load(name, onProgress: progress.toolProgress)
    if let dataset {
      known.dataset = dataset
      if let through {
        let file = try WaveformModel(contentsOf: through)
        known.amplifier = (try file.amplifier(of: dataset, path: through), file.memory)
      }
    } else {
      known.reason =
        "the data set \(name) is not here; pare dataset fetch brings it, or give --dataset"
    }
    loaded[name] = known
    return known
  }
}
