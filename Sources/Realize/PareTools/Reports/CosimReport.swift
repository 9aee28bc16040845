/// The report of a co-simulation: whether the hardware gave what the C program gives, and in how many clocks.
public struct CosimReport: Sendable, Hashable, Codable {
  /// One language that the hardware was written in.
  public struct Run: Sendable, Hashable, Codable {
    /// `Verilog` or `VHDL`.
    public let language: String
    /// `Pass`, `Fail`, or `NA` for a language that was not simulated.
    public let status: String
    /// Clocks; absent for `NA`.
    public let latencyMin: Int?
    public let latencyAverage: Int?
    public let latencyMax: Int?
    /// Clocks between two calls; absent when there was only one.
    public let intervalMin: Int?
    public let intervalAverage: Int?
    public let intervalMax: Int?
    /// Clocks of the whole run; older versions do not tell.
    public let totalClocks: Int?

    public var passed: Bool { status == "Pass" }
  }

  public let source: ReportSource
  public let solution: String?
  /// Such as `xsim`.
  public let simulator: String?
  public let runs: [Run]

  /// The runs that were made.
  public var simulated: [Run] { runs.filter { $0.status != "NA" } }
  /// Whether there was a run, and all passed.
  public var passed: Bool { !simulated.isEmpty && simulated.allSatisfy(\.passed) }

  init(_ text: ReportText) throws(VendorReportError) {
    func value(_ key: String) -> String? {
      text.lines.lazy.compactMap { $0.keyAndValue }.first { $0.0 == key }
        .map { $0.1.hasSuffix(".") ? String($0.1.dropLast()) : $0.1 }
    }
    // The report has no version of its own; csynth.xml of the same solution has it.
    source = ReportSource(tool: "HLS co-simulation")
    solution = value("Solution")
    simulator = value("Simulation tool")
    guard let table = try text.tables(in: text.lines[...], of: "the results").first else {
      throw text.fault(.missing("table of results"))
    }
    let columns = SpannedColumns(table.groups[0])
    func column(_ group: String, _ name: String) throws(VendorReportError) -> Int {
      guard
        let index = columns.names.firstIndex(where: { $0.hasPrefix(group) && $0.hasSuffix(name) })
      else {
        throw text.fault(
          .missing("column '\([group, name].filter { !$0.isEmpty }.joined(separator: " "))'"))
      }
      return index
    }
    let language = try column("RTL", "")
    let status = try column("Status", "")
    let places: [Int] = try [
      column("Latency", "min"), column("Latency", "avg"), column("Latency", "max"),
      column("Interval", "min"), column("Interval", "avg"), column("Interval", "max"),
    ]
    let total = columns.names.firstIndex { $0.hasPrefix("Total Execution Time") }
    var runs: [Run] = []
    for line in table.groups.dropFirst().joined() {
      let cells = columns.cells(line)
      guard cells.count == columns.names.count else {
        throw text.fault(.unreadable(what: "a row of the results", text: String(line.prefix(80))))
      }
      func clocks(_ index: Int) throws(VendorReportError) -> Int? {
        try text.optionalCount(cells[index], columns.names[index])
      }
      runs.append(
        Run(
          language: cells[language], status: cells[status],
          latencyMin: try clocks(places[0]), latencyAverage: try clocks(places[1]),
          latencyMax: try clocks(places[2]), intervalMin: try clocks(places[3]),
          intervalAverage: try clocks(places[4]), intervalMax: try clocks(places[5]),
          totalClocks: try total.map(clocks) ?? nil))
    }
    guard !runs.isEmpty else { throw text.fault(.missing("row of results")) }
    self.runs = runs
  }
}

/// Columns whose headings span several lines, and some of which share a heading.
private struct SpannedColumns {
  /// The headings above each column, from the outermost to its own.
  let names: [String]
  private let borders: [Int]

  init(_ heading: [String]) {
    let lines = heading.map { Array($0.unicodeScalars) }
    func bars(_ line: [Unicode.Scalar]) -> [Int] { line.indices.filter { line[$0] == "|" } }
    // The line with most bars shows all columns.
    let borders = lines.map(bars).max { $0.count < $1.count } ?? []
    self.borders = borders
    names = zip(borders, borders.dropFirst()).map { start, end in
      let middle = (start + end) / 2
      return lines.compactMap { line -> String? in
        guard middle < line.count, line[middle] != "|", line[middle] != "+" else { return nil }
        func isBorder(_ index: Int) -> Bool { line[index] == "|" || line[index] == "+" }
        let from = (0..<middle).last(where: isBorder).map { $0 + 1 } ?? 0
        let to = (middle..<line.count).first(where: isBorder) ?? line.count
        let words = String(String.UnicodeScalarView(line[from..<to])).trimmed
        return words.isEmpty || words.allSatisfy { $0 == "-" } ? nil : words
      }.joined(separator: " ")
    }
  }

  func cells(_ line: String) -> [String] {
    let pieces = line.split(separator: "|", omittingEmptySubsequences: false)
    return pieces.count > 2 ? pieces.dropFirst().dropLast().map(\.trimmed) : []
  }
}
