import Foundation
import Testing

@testable import PareTools

/// Small reports that were written for these tests, in the shapes of the vendors'; names and numbers are invented.
enum SampleReports {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(component: "Samples")

  /// All of them, sorted.
  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()

  static func path(_ name: String) -> String { folder.appending(component: name).path }

  static func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
  }

  static func report(_ name: String) throws -> VendorReport {
    try VendorReport(contentsOf: path(name))
  }
}

extension VendorReport {
  var utilizationReport: UtilizationReport? {
    if case .utilization(let report) = self { report } else { nil }
  }
  var timingReport: TimingReport? { if case .timing(let report) = self { report } else { nil } }
  var summaryReport: TimingSummaryReport? {
    if case .timingSummary(let report) = self { report } else { nil }
  }
  var powerReport: PowerReport? { if case .power(let report) = self { report } else { nil } }
}

extension [ResourceKind: ResourceUse] {
  func used(_ kind: ResourceKind) -> Double? { self[kind]?.used }
  func available(_ kind: ResourceKind) -> Double? { self[kind]?.available }
}
