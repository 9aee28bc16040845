public import PareExplore
public import PareSignal
import PareText

/// The report of a run: a page, and beside it the models that the page links to.
public struct RunReport: Sendable {
  public let data: ReportData
  public let selection: Selection
  /// Candidates with netlists or routed circuits in the ledger; those of the final front first.
  public let implemented: [QoRDesign]
  private let ledger: Ledger

  /// Reads a ledger and selects.
  ///
  /// - Parameters:
  ///   - run: the run's name, for the title.
  ///   - dataset: name or hash, where the ledger has rows of several data sets.
  ///   - task: where it has rows of both.
  ///   - commands: titles and command lines that make the run and the page again.
  /// - Throws: ``ExploreError`` when the ledger cannot be read, when its rows cannot be compared, or when the settings do
  ///   not fit it.
  public init(
    of ledger: Ledger, named run: String, dataset: String? = nil, task: LearningTask? = nil,
    _ settings: Selection.Settings,
    commands: [(title: String, line: String)] = []
  ) throws {
    let points = try ledger.comparable(dataset: dataset, task: task)
    selection = try Selection(of: points, settings)
    var data = ReportData(run: run, points: points, selection: selection)
    try data.addOrigin(of: ledger, dataset: dataset, task: task)
    data.addSettings(of: selection)
    for (title, line) in commands {
      data.facts.append(ReportData.Fact(title, line, isCommand: true))
    }
    self.data = data
    self.ledger = ledger
    let front = Set(selection.final.members.map(\.key))
    implemented = try QoRDesign.implemented(
      in: ledger,
      among: selection.final.members + points.filter { !front.contains($0.key) })
  }

  /// Writes the models of the final front, then the page; each file is whole or absent.
  ///
  /// A model that the ledger did not keep has no link, and is counted. Where candidates were implemented, a page about them is
  /// written beside this one and linked.
  ///
  /// - Returns: how many models were written, and how many the ledger lacks.
  /// - Throws: ``ExploreError`` when a file cannot be written.
  public func write(to path: String) throws -> (models: Int, missing: Int) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    var page = data
    var written = 0
    for (index, relative) in data.modelPaths.sorted(by: { $0.key < $1.key }) {
      guard let model = try ledger.model(of: data.points[index].key) else {
        page.modelPaths[index] = nil
        continue
      }
      try TextFile.write(model, to: folder + relative)
      written += 1
    }
    if let qor = qorPage {
      let name = Self.qorName(beside: path)
      try TextFile.write(qor.html, to: folder + name)
      page.qorPage = name
    }
    try TextFile.write(String(decoding: ReportPage(page).html, as: UTF8.self), to: path)
    return (written, data.modelPaths.count - written)
  }

  /// The page of the candidates that were implemented; nil when none was.
  public var qorPage: QoRPage? {
    implemented.isEmpty
      ? nil
      : QoRPage(
        title: data.run, designs: implemented,
        candidates: data.points.compactMap { QoRCandidate($0) },
        commands: data.facts.filter(\.isCommand).map(\.text))
  }

  /// `report-qor.html` of `report.html`.
  static func qorName(beside path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let stem = name.hasSuffix(".html") ? String(name.dropLast(5)) : name
    return "\(stem)-qor.html"
  }
}
