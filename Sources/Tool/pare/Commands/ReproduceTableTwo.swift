import ArgumentParser
import PareExplore
import PareNetwork
import PareReport
import PareText
import PareTools

/// `pare reproduce table2`: six networks as gates, each beside its unoptimized twin and beside a better one.
struct ReproduceTableTwo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table2",
    abstract: "Make the paper's table of optimized and unoptimized designs.",
    discussion: """
      Sweeps a design space that has the table's six networks and many others, builds each of the six with shared shifts and \
      adds, beside its unoptimized twin (dense, 16 bits, a multiplication on a DSP block for each weight) and beside the \
      smallest network of the space that is no worse, compares every netlist with its integers, and prints area, power and \
      accuracy next to the published ones. Stopped at any point, it goes on where it was. The folder then has the table as JSON and \
      Markdown, and a page with the designs, their twins and where each number comes from: table2.html.
      """)

  @Flag(help: "The six networks alone, with one seed and fewer samples.")
  var quick = false

  @Option(
    name: .customLong("device"),
    help: "A part to build all designs for; may be repeated. The first is the table's.")
  var devices: [String] = []

  @Option(name: .customLong("clock"), help: "MHz that designs are pipelined for, and power is for.")
  var clockMHz: Double?

  @Option(help: "Activation of the six networks, relu or tanh; the paper does not say.")
  var activation: String?

  @Option(help: "Where results go; finished steps found there are kept.")
  var out: String?

  @OptionGroup var jobs: JobsOption
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let clockMHz, !(clockMHz > 0 && clockMHz <= 2000) {
      throw ValidationError("--clock is \(clockMHz); give MHz above 0 and at most 2000")
    }
  }

  func run() async throws {
    let generator = "pare \(Pare.version)"
    var plan = quick ? TableTwo.Plan.quick(generator: generator) : .init(generator: generator)
    if !devices.isEmpty { plan.devices = devices }
    if let clockMHz { plan.clockMHz = clockMHz }
    if let activation { plan.activation = try Activation(parsing: activation) }
    let folder = out ?? (quick ? "runs/table2-quick" : "runs/table2")
    let progress = common.progress
    let lines = SweepProgress(progress)
    let report = try await TableTwo(plan, in: folder, jobs: jobs.count) { event in
      switch event {
      case .note(let words): progress.event(words)
      case .sweep(let event): lines.report(event)
      case .tool(let step): progress.event("  \(step.stage): \(step.detail)")
      }
    }.run()
    try await writePage(report, generator: generator)
    Console.result(common.json ? JSONText.encode(report) : report.text)
  }

  private func writePage(_ report: TableTwoReport, generator: String) async throws {
    let dataset = try await DatasetSource.load(report.dataset, onProgress: common.toolProgress)
    var designs: [QoRDesign] = []
    var shown: Set<String> = []
    func add(_ name: String, _ design: TableTwoReport.Design, beside twin: TableTwoReport.Row)
      throws
    {
      guard shown.insert(design.folder).inserted else { return }
      var page = try QoRDesign(
        folder: DesignFolder(opening: design.folder),
        baseline: DesignFolder(opening: twin.twin.folder), dataset: dataset, generator: generator)
      page.optimized.name = name
      page.baseline?.name = "\(twin.name) unoptimized"
      designs.append(page)
    }
    for row in report.rows { try add("\(row.name) \(row.quantizer)", row.optimized, beside: row) }
    // Each of them beside the first network that it is better than.
    for row in report.rows { try add(row.best.name, row.best, beside: row) }
    var lead = report.sections.map { QoRPage.Lead(title: $0.title, table: $0.table) }
    lead.append(QoRPage.Lead(title: "What the figures are", notes: report.notes))
    let words = CommandLine.arguments.dropFirst().joined(separator: " ")
    let page = "\(report.folder)/table2.html"
    try TextFile.write(
      QoRPage(
        title: "table2", designs: designs, commands: ["pare \(words)"], lead: lead
      ).html, to: page)
    common.progress.event("wrote \(page)")
  }
}
