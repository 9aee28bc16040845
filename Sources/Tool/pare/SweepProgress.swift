import PareExplore
import PareText
import PareTrain

/// Says how far a sweep is: a line for every point, and on a terminal one that is redrawn.
struct SweepProgress: Sendable {
  private let printer: ProgressPrinter

  init(_ printer: ProgressPrinter) { self.printer = printer }

  func report(_ event: PareExplore.Sweep.Event) {
    switch event {
    case .started(let total, let finished, let failed):
      printer.event(
        "\(total) points, \(finished) in the ledger already"
          + (failed > 0 ? ", \(failed) failed before (--retry-failed tries them again)" : ""))
    case .generation(let number, let of, let points):
      printer.event("generation \(number)/\(of): \(points) points")
    case .progress(let name, let seed, let step, let seconds):
      printer.update(
        "\(name) seed \(seed)  \(step.stage.rawValue) nnz \(step.nonZeroCount)  "
          + "\(step.latest.validationNMSE.fixed(2)) dB\(Self.left(seconds))")
    case .point(let candidate, let count, let total, let front, let seconds):
      let place = "[\(count)/\(total)] \(candidate.name)"
      guard let nmse = candidate.metrics[.nmse], let nnz = candidate.metrics[.nnz] else {
        printer.event("\(place)  failed: \(candidate.failure ?? "")")
        return
      }
      let best = front.sample(of: 4).map { "\($0.nnz) \($0.nmse.fixed(1))" }
        .joined(separator: ", ")
      printer.event(
        "\(place)  nmse \(nmse.fixed(2)) dB  nnz \(Int(nnz))  front \(front.members.count) (\(best))"
          + Self.left(seconds))
    }
  }

  static func left(_ seconds: Double?) -> String {
    guard let seconds else { return "" }
    return seconds < 100
      ? "  eta \(seconds.fixed(0)) s" : "  eta \((seconds / 60).fixed(0)) min"
  }
}
