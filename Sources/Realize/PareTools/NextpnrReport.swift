#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The JSON report of nextpnr: what is used, the clock that is reached, and the slowest path.
///
/// - Source: nextpnr, docs/report.md.
struct NextpnrReport: Sendable, Hashable {
  /// MHz of the slowest clock; nil when there is no path between two registers.
  let fmaxMHz: Double?
  let criticalPath: CriticalPath?
  let used: [String: Int]
  let available: [String: Int]

  /// - Throws: ``ToolError`` with code `reportUnreadable`.
  init(parsing data: Data, from path: String) throws {
    let file: File
    do {
      file = try JSONDecoder().decode(File.self, from: data)
    } catch {
      throw ToolError(.reportUnreadable(path: path, reason: "not a nextpnr report (\(error))"))
    }
    used = file.utilization.mapValues(\.used)
    available = file.utilization.mapValues(\.available)
    // One clock per line; ties and order of keys must not matter, so the smallest value, then the first name.
    let slowest = file.fmax.min { ($0.value.achieved, $0.key) < ($1.value.achieved, $1.key) }
    fmaxMHz = slowest?.value.achieved
    criticalPath =
      file.criticalPaths.lazy
      .filter { $0.from == $0.to && slowest.map { "posedge \($0.key)" } == $0.from }
      .compactMap(\.summary).first
    if fmaxMHz != nil, criticalPath == nil {
      throw ToolError(
        .reportUnreadable(path: path, reason: "fmax without the path that it comes from"))
    }
  }

  private struct File: Decodable {
    struct Clock: Decodable {
      let achieved: Double
    }
    struct Utilization: Decodable {
      let used: Int
      let available: Int
    }
    struct End: Decodable {
      let cell: String
      let port: String
    }
    struct Step: Decodable {
      let delay: Double
      let type: String
      let from: End
      let to: End
    }
    struct Path: Decodable {
      let from: String
      let to: String
      let path: [Step]

      var summary: CriticalPath? {
        guard let first = path.first, let last = path.last else { return nil }
        let routing = path.filter { $0.type == "routing" }.reduce(0) { $0 + $1.delay }
        let all = path.reduce(0) { $0 + $1.delay }
        return CriticalPath(
          from: "\(first.from.cell).\(first.from.port)", to: "\(last.to.cell).\(last.to.port)",
          nanoseconds: all, logicNanoseconds: all - routing, routingNanoseconds: routing,
          levels: path.filter { $0.type == "logic" }.count, steps: steps)
      }

      /// One for each cell; the wire that leads to a cell belongs to it.
      private var steps: [CriticalPath.Step] {
        var steps: [CriticalPath.Step] = []
        var routing = 0.0
        for step in path {
          if step.type == "routing" {
            routing += step.delay
            continue
          }
          steps.append(
            CriticalPath.Step(
              cell: step.to.cell, port: step.to.port, nanoseconds: step.delay,
              routingNanoseconds: routing))
          routing = 0
        }
        return steps
      }
    }

    let fmax: [String: Clock]
    let utilization: [String: Utilization]
    let criticalPaths: [Path]

    enum CodingKeys: String, CodingKey {
      case fmax, utilization
      case criticalPaths = "critical_paths"
    }
  }
}
