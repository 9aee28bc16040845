import PareNumerics
public import PareTools
import PareText

/// Vivado out of context, as records of `qor.json`.
public struct VivadoToolchain: Sendable {
  private let vivado: Vivado

  public init(_ vivado: Vivado) {
    self.vivado = vivado
  }

  /// Synthesizes, places and routes a design.
  ///
  /// A result that is in the folder, made from the same sources and options by the same version, is taken as it is.
  ///
  /// - Parameters:
  ///   - target: the name that the records bear.
  ///   - device: for the share that is used; nil for a part that the table of devices does not have.
  ///   - folder: gets a folder for the run.
  ///   - latencyClocks: latency known from the datapath, carried into the records.
  /// - Returns: the record after synthesis, then the one after routing.
  /// - Throws: what ``Vivado/implement(_:in:onProgress:)`` throws.
  public func implement(
    _ project: VivadoProject, target: String, device: Device?, in folder: Folder,
    latencyClocks: Int? = nil, onProgress: ToolProgressHandler? = nil
  ) async throws -> [QoRRecord] {
    var key = StableHash()
    key.combine(try canonical(project))
    key.combine(vivado.tool.version)
    try folder.create()
    let place = folder.folder("vivado-\(target)")
    let result = try await resumed(key.hex, in: place) {
      try await vivado.implement(project, in: place, onProgress: onProgress)
    }
    return [
      record(
        .synthesis, [.utilization(result.synthesis), .timingSummary(result.synthesisTiming)],
        result, target, device, latencyClocks),
      record(
        .placeAndRoute,
        [.utilization(result.utilization), .timingSummary(result.timing), .power(result.power)],
        result, target, device, latencyClocks),
    ]
  }

  private func record(
    _ stage: QoRStage, _ reports: [VendorReport], _ result: VivadoResult, _ target: String,
    _ device: Device?, _ latencyClocks: Int?
  ) -> QoRRecord {
    var figures = reports.reduce(into: [FigureName: Figure]()) {
      $0.merge($1.figures()) { first, _ in first }
    }
    figures[.latencyClocks] = latencyClocks.map { .latency($0) }
    let timing = stage == .placeAndRoute ? result.timing : result.synthesisTiming
    return QoRRecord(
      design: result.top, stage: stage, tool: "vivado", version: result.toolVersion,
      target: target, part: result.part, figures: figures,
      criticalPath: timing.worstSetupPath?.criticalPath, device: device,
      warnings: result.warnings + (stage == .placeAndRoute ? timing.warnings : []),
      seconds: stage == .placeAndRoute ? result.seconds : nil)
  }
}

extension TimingSummaryReport {
  /// What a reader of the figures should know.
  fileprivate var warnings: [String] {
    switch isMet {
    case .some(true): []
    case .some(false):
      [
        "timing constraints are not met"
          + (setup.worstSlackNs.map { ": worst setup slack \($0.fixed(3)) ns" } ?? "")
          + (hold.worstSlackNs.map { ", worst hold slack \($0.fixed(3)) ns" } ?? "")
      ]
    case nil: ["the design has no timing constraint, so there is no fmax"]
    }
  }
}
