import Foundation
import Testing

/// `wordlength`, and the way from it to simulated C++.
@Suite struct WordLengthCommandTests {
  private struct Report: Decodable {
    struct Figures: Decodable {
      var nmseDB: Double
      var evmDB: Double?
    }
    struct TensorFormat: Decodable {
      var tensor: String
      var format: String
    }
    struct Step: Decodable { var lutEstimate: Double }
    var reference: Figures
    var chosen: Figures?
    var formats: [TensorFormat]?
    var steps: [Step]?
  }

  private func model(in folder: URL) throws {
    let made = try CommandLineTool.pare(
      "dataset", "make", "--samples", "12000", "--out", "data", in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let trained = try CommandLineTool.pare(
      "train", "--dataset", "data", "--kernel", "3", "--channels", "2", "--activation", "hardtanh",
      "--preset", "quick", "--tries", "1", "--quiet", in: folder)
    #expect(trained.status == 0, "\(trained.errors)")
  }

  @Test func `formats within the limit go into the model, and on to C++ with the same bits`()
    throws
  {
    try withTemporaryFolder { folder in
      try model(in: folder)
      let before = try Data(contentsOf: folder.appending(path: "model.json"))
      let tables = try CommandLineTool.pare(
        "wordlength", "model.json", "--word-lengths", "8:10", "--integer-bits", "2:3", "--report",
        "bits.html", in: folder)
      #expect(tables.status == 0, "\(tables.errors)")
      #expect(tables.output.contains("weights 0") && tables.output.contains("convergent"))
      #expect(try Data(contentsOf: folder.appending(path: "model.json")) == before)
      let page = try String(
        contentsOf: folder.appending(path: "bits.html"), encoding: .utf8)
      #expect(page.contains("<svg") && !page.contains("<script"))

      let searched = try CommandLineTool.pare(
        "wordlength", "model.json", "--losing-at-most", "0.2dB", "--search-only", "--out",
        "short.json", "--json", in: folder)
      #expect(searched.status == 0, "\(searched.errors)")
      let report = try JSONDecoder().decode(Report.self, from: Data(searched.output.utf8))
      let chosen = try #require(report.chosen)
      #expect(chosen.nmseDB - report.reference.nmseDB <= 0.2)
      #expect(chosen.evmDB != nil)
      let steps = try #require(report.steps)
      #expect(steps.last!.lutEstimate < steps[0].lutEstimate)
      #expect(report.formats?.contains { $0.tensor == "activation 0" } == true)
      #expect(try Data(contentsOf: folder.appending(path: "model.json")) == before)

      let compiled = try CommandLineTool.pare(
        "compile", "short.json", "--language", "hls", "--out", "d", in: folder)
      #expect(compiled.status == 0, "\(compiled.errors)")
      let simulated = try CommandLineTool.pare("simulate", "d", in: folder)
      #expect(simulated.status == 0, "\(simulated.errors)")
      #expect(simulated.output.contains("equal: "))
    }
  }

  @Test func `impossible wishes are refused and leave the model alone`() throws {
    try withTemporaryFolder { folder in
      try model(in: folder)
      let before = try Data(contentsOf: folder.appending(path: "model.json"))
      for (arguments, status, word) in [
        (["--losing-at-most", "much"], 64, "--losing-at-most"),
        (["--losing-at-most", "-1dB"], 64, "--losing-at-most"),
        (["--out", "x.json"], 64, "--losing-at-most"),
        (["--word-lengths", "9:8"], 64, "--word-lengths"),
        (["--integer-bits", "a"], 64, "--integer-bits"),
        (["--split", "training"], 64, "training"),
        (["--target", "abacus"], 64, "abacus"),
        (["--dataset", "./nowhere"], 65, "nowhere"),
      ] as [([String], Int32, String)] {
        let run = try CommandLineTool.pare(["wordlength", "model.json"] + arguments, in: folder)
        #expect(run.status == status, "\(arguments): \(run.errors)")
        #expect(run.errors.contains(word), "\(arguments): \(run.errors)")
      }
      let missing = try CommandLineTool.pare("wordlength", "none.json", in: folder)
      #expect(missing.status == 65 && missing.errors.contains("none.json"))
      #expect(try Data(contentsOf: folder.appending(path: "model.json")) == before)
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/x.json"))
    }
  }
}
