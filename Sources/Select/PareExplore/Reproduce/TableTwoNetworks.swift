import PareFixed
import PareNetwork

/// The networks of the paper's second table among the candidates of a sweep.
struct TableTwoNetworks {
  struct Row {
    let paper: PaperDesign
    let network: CandidateSummary
    /// The same network, dense and without a quantizer.
    let twin: CandidateSummary
    /// The one with the fewest estimated LUTs among those whose validation NMSE is no worse than ``network``'s.
    let best: CandidateSummary
  }

  let rows: [Row]
  /// Those that ``Row/best`` was chosen from.
  let candidateCount: Int

  /// - Parameter ledger: its path, for errors.
  /// - Throws: ``ExploreError`` when one of the networks is missing.
  init(among candidates: [Candidate], activation: Activation, ledger: String) throws {
    let finished = candidates.filter { $0.failure == nil }
    func find(_ design: PaperDesign) throws -> CandidateSummary {
      guard let found = finished.first(where: { design.matches($0.point, activation: activation) })
      else {
        throw ExploreError(
          .file(path: ledger),
          "\(ledger): no candidate is \(design.name) with \(activation.rawValue)",
          hint: "sweep a space that has it, such as the preset table2")
      }
      return CandidateSummary(found)
    }
    let summaries = finished.map { CandidateSummary($0) }
    candidateCount = summaries.count
    rows = try PaperDesign.tableTwo.map { paper in
      let own = try find(paper)
      let limit = own.metrics[.nmse] ?? .infinity
      // The network itself is among them, so that there always is one.
      let best = summaries.filter { ($0.metrics[.nmse] ?? .infinity) <= limit }
        .min { a, b in
          let (lutA, lutB) = (a.metrics[.lut] ?? .infinity, b.metrics[.lut] ?? .infinity)
          return lutA != lutB ? lutA < lutB : a.key < b.key
        }
      return Row(paper: paper, network: own, twin: try find(paper.dense), best: best ?? own)
    }
  }
}

extension Ledger {
  /// The model of a finished candidate.
  ///
  /// - Throws: ``ExploreError`` when none is kept; what a damaged one throws.
  func modelFile(of key: String) throws -> ModelFile {
    guard let text = try model(of: key) else {
      throw ExploreError(
        .file(path: path), "\(path): no model is kept for \(key)",
        hint: "remove the ledger and sweep again")
    }
    return try ModelFile(json: text, file: "\(path), \(key)")
  }
}
