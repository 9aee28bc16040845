import Foundation

@testable import PareTools

/// A shell script that stands for a vendor's tool: tells a version, and otherwise does what a test wants.
struct StandIn {
  let folder: Folder
  let path: String

  /// - Parameter body: shell commands of a run; `$#` arguments are those of the tool.
  init(
    _ program: String, version: String, in folder: Folder, body: String = "exit 0"
  ) throws {
    self.folder = folder
    path = folder.file(program)
    try folder.create()
    let text = """
      #!/bin/sh
      case "$1" in
      -version|--version) echo "\(program) v\(version) (64-bit)"; exit 0;;
      esac
      \(body)

      """
    try folder.write(text, to: program)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  /// Shell commands that put samples where the tool would write its reports.
  static func copies(_ files: [(sample: String, to: String)]) -> String {
    files.map { file in
      let parent = file.to.split(separator: "/").dropLast().joined(separator: "/")
      return "mkdir -p '\(parent)' && cp '\(SampleReports.path(file.sample))' '\(file.to)'"
    }.joined(separator: "\n")
  }

  static let vivadoReports: [(sample: String, to: String)] = [
    ("utilization_2024.2_ultrascaleplus_routed.rpt", "reports/utilization_synth.rpt"),
    ("timing_summary_2021.1_two_clocks_violated.rpt", "reports/timing_synth.rpt"),
    ("utilization_2024.2_ultrascaleplus_routed.rpt", "reports/utilization_route.rpt"),
    ("timing_summary_2021.1_two_clocks_violated.rpt", "reports/timing_route.rpt"),
    ("power_2023.1_simulated_activity.rpt", "reports/power_route.rpt"),
  ]
}
