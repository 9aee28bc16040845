import Foundation
import Testing

/// The whole help text of every verb; `PARE_UPDATE_GOLDEN=1` rewrites the snapshots.
@Suite struct HelpTests {
  static let verbs = [
    "", "demo", "init", "dataset", "dataset list", "dataset fetch", "dataset import",
    "dataset make", "dataset inspect", "dataset characteristic", "train", "sweep", "ledger",
    "ledger show",
    "ledger export", "ledger model", "pareto", "report", "baseline", "apply", "metrics",
    "evaluate", "wordlength", "compile", "simulate", "verify", "implement", "qor", "qor run",
    "qor compare", "qor devices", "qor parse", "power", "power estimate", "power calibrate",
    "reproduce",
    "reproduce table2",
    "dpd", "dpd fetch", "dpd amplifier", "dpd design", "dpd refine", "dpd waveform", "dpd score",
    "dpd enter",
    "doctor",
  ]

  @Test(arguments: verbs)
  func `help says what the snapshot says`(verb: String) throws {
    try withTemporaryFolder { folder in
      let words = verb.split(separator: " ").map(String.init)
      let run: Run =
        switch words.count {
        case 0: try CommandLineTool.pare("--help", in: folder)
        case 1: try CommandLineTool.pare(words[0], "--help", in: folder)
        default: try CommandLineTool.pare(words[0], words[1], "--help", in: folder)
        }
      #expect(run.status == 0)
      let name = (["pare"] + words).joined(separator: "-") + ".txt"
      let snapshot = CommandLineTool.repository.appending(
        path: "Tests/PipelineTests/Snapshots/\(name)")
      if ProcessInfo.processInfo.environment["PARE_UPDATE_GOLDEN"] == "1" {
        try Data(run.output.utf8).write(to: snapshot)
      }
      let expected = try #require(
        try? Data(contentsOf: snapshot), "no snapshot \(name); run with PARE_UPDATE_GOLDEN=1")
      #expect(run.output == String(decoding: expected, as: UTF8.self))
    }
  }

  @Test func `every verb that the root lists has a snapshot`() throws {
    try withTemporaryFolder { folder in
      let listed = try CommandLineTool.pare("--help", in: folder).output
        .split(separator: "\n").drop { !$0.hasPrefix("SUBCOMMANDS") }
        .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.hasPrefix("  See") }
        .compactMap { $0.split(separator: " ").first.map(String.init) }
      #expect(!listed.isEmpty)
      for verb in listed { #expect(Self.verbs.contains(verb), "\(verb) has no snapshot") }
    }
  }
}
