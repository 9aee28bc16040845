import ArgumentParser
import PareExplore
import PareQoR

/// Whose hardware figures count: the cost model's, or those of implementations.
struct FigureOptions: ParsableArguments {
  @Option(
    help: """
      costModel, synthesis or placeAndRoute: where hardware figures come from; without figures of that stage a design is left out.
      """)
  var stage = QoRStage.costModel

  @Option(help: "Device of the stage; needed where there are several.")
  var device: String?

  @Option(help: "Settings of the stage, a hash or its start; needed where there are several.")
  var settings: String?

  func validate() throws {
    if stage == .costModel, device != nil || settings != nil {
      throw ValidationError("--device and --settings go with --stage synthesis or placeAndRoute")
    }
  }

  /// The same candidates with the figures of the stage, and where those come from; nil for the cost model's.
  func applied(
    to candidates: [CandidateSummary], in ledger: Ledger
  ) throws -> (candidates: [CandidateSummary], origin: SelectionReport.Origin?) {
    if stage == .costModel { return (candidates, nil) }
    let device = try device.map { try Device(named: $0).name }
    let implemented = try ledger.figures(at: stage, on: device, settings: settings)
    let made = implemented.replacing(in: candidates)
    return (made.candidates, SelectionReport.Origin(implemented, made))
  }
}
