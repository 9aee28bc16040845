import PareFixed
import PareNetwork

/// The networks of the paper's second table in the ledger of a sweep.
struct TableTwoNetworks {
  /// A candidate with its model.
  struct Network {
    let candidate: CandidateSummary
    let model: ModelFile
  }

  struct Row {
    let paper: PaperDesign
    let network: Network
    /// The same network, dense and without a quantizer.
    let twin: Network
    /// The candidate with the fewest estimated LUTs among those whose validation NMSE is no worse than ``network``'s.
    let best: Network
  }

  let rows: [Row]
  /// Those that ``Row/best`` was chosen from.
  let candidateCount: Int

  /// - Throws: ``ExploreError`` when the ledger lacks one of the networks.
  init(in ledger: Ledger, activation: Activation) throws {
    let finished = try ledger.candidates().filter { $0.failure == nil }
    func network(_ candidate: Candidate) throws -> Network {
      guard let text = try ledger.model(of: candidate.key) else {
        throw ExploreError(
          .file(path: ledger.path), "\(ledger.path): no model is kept for \(candidate.key)",
          hint: "remove the ledger and sweep again")
      }
      return Network(
        candidate: CandidateSummary(candidate),
        model: try ModelFile(json: text, file: "\(ledger.path), \(candidate.key)"))
    }
    func find(_ design: PaperDesign) throws -> Candidate {
      guard let found = finished.first(where: { design.matches($0.point, activation: activation) })
      else {
        throw ExploreError(
          .file(path: ledger.path),
          "\(ledger.path): no candidate is \(design.name) with \(activation.rawValue)",
          hint: "sweep a space that has it, such as the preset table2")
      }
      return found
    }
    candidateCount = finished.count
    rows = try PaperDesign.tableTwo.map { paper in
      let own = try find(paper)
      let limit = own.metrics[.nmse]!
      let best = finished.filter { ($0.metrics[.nmse] ?? .infinity) <= limit }
        .min { a, b in
          let (lutA, lutB) = (a.metrics[.lut] ?? .infinity, b.metrics[.lut] ?? .infinity)
          return lutA != lutB ? lutA < lutB : a.key < b.key
        }!
      return Row(
        paper: paper, network: try network(own), twin: try network(find(paper.dense)),
        best: try network(best))
    }
  }
}
