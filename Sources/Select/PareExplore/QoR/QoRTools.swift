import PareQoR
import PareTools

/// The programs that implement designs, and how.
public struct QoRTools: Sendable {
  /// How far a design is brought.
  public enum Reach: Sendable { case synthesis, placeAndRoute }

  /// Programs with their versions, `yosys 0.70`, for netlists; the second list for routed designs.
  let synthesisTools: [String]
  let routingTools: [String]
  /// Implements a design on devices of its family.
  let implement: @Sendable (DesignFolder, [Device], Reach) async throws -> QoR

  /// - Parameter implement: must give a record of every device for the stage, or throw; a design that does not fit has none of
  ///   the routed stage.
  init(
    synthesisTools: [String], routingTools: [String],
    implement: @escaping @Sendable (DesignFolder, [Device], Reach) async throws -> QoR
  ) {
    self.synthesisTools = synthesisTools
    self.routingTools = routingTools
    self.implement = implement
  }

  /// Yosys, and nextpnr where designs are routed; all are found before any work starts.
  ///
  /// - Parameter timeLimit: for each run of a tool.
  /// - Throws: `ToolError` with code `toolMissing`; what ``QoRPlan/deviceList()`` finds wrong.
  public static func openSource(
    for plan: QoRPlan, timeLimit: Duration = .seconds(3600)
  ) async throws -> QoRTools {
    let locator = ToolLocator()
    let devices = try plan.deviceList()
    let synthesizer = try await YosysSynthesizer(locator, timeLimit: timeLimit)
    let synthesis = Toolchain(synthesizer: synthesizer, router: nil)
    let routing =
      plan.top > 0
      ? try await Toolchain.openSource(locator, for: devices, timeLimit: timeLimit) : synthesis
    let options = RoutingOptions(
      frequencyMHz: plan.clockMHz ?? CompileOptions.defaultConstraintMHz, seeds: plan.seeds, jobs: 1
    )
    func names(_ toolchain: Toolchain) -> [String] {
      toolchain.tools.map { "\($0.name.rawValue) \($0.version)" }
    }
    return QoRTools(synthesisTools: names(synthesis), routingTools: names(routing)) {
      folder, devices, reach in
      try await folder.implement(
        on: devices, with: reach == .synthesis ? synthesis : routing, options: options)
    }
  }
}
