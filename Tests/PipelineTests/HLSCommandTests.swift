import Foundation
import Testing

/// `compile --language hls` and `simulate` of what it wrote.
@Suite struct HLSCommandTests {
  private static let taps =
    CommandLineTool.repository.appending(path: "Examples/fir/taps.json").path

  /// A trained network that is part of the repository.
  private static let fixture = CommandLineTool.repository.appending(
    path: "Tests/PareFixedTests/Fixtures/pytorch/relu")

  private func expectFault(_ run: Run, status: Int32, _ words: String...) {
    #expect(run.status == status, "\(run.errors)")
    #expect(run.errors.hasPrefix("error: "), "\(run.errors)")
    for word in words { #expect(run.errors.contains(word), "\(run.errors)") }
    #expect(run.output.isEmpty)
  }

  @Test func `a model goes to C++ that equals the integers, and one changed weight is found`()
    throws
  {
    try withTemporaryFolder { folder in
      for name in ["model.json", "input.csv"] {
        try FileManager.default.copyItem(
          at: Self.fixture.appending(path: name), to: folder.appending(path: name))
      }
      let compiled = try CommandLineTool.pare(
        "compile", "model.json", "--language", "hls", "--directives", "throughput", "--directives",
        "area", "--out", "d", in: folder)
      #expect(compiled.status == 0, "\(compiled.errors)")
      #expect(compiled.output.contains("no vendor tool has run"))
      let area = try text(folder, "d/area/src/dpd.cpp")
      let fast = try text(folder, "d/throughput/src/dpd.cpp")
      #expect(fast.contains("PIPELINE II=1\n") && !area.contains("PIPELINE II=1\n"))
      for file in [
        "manifest.json", "run_hls.tcl", "hls_config.cfg", "README.txt", "pare_ap/ap_fixed.h",
      ] {
        #expect(FileManager.default.fileExists(atPath: folder.path + "/d/area/" + file), "\(file)")
      }

      let simulated = try CommandLineTool.pare(
        "simulate", "d/throughput", "--input", "input.csv", "--output", "c.csv",
        in: folder)
      #expect(simulated.status == 0, "\(simulated.errors)")
      #expect(simulated.output.contains("equal: ") && simulated.output.contains("pare_ap"))
      let applied = try CommandLineTool.pare(
        "apply", "model.json", "--input", "input.csv", "--output", "u.csv", "--fixed",
        in: folder)
      #expect(applied.status == 0, "\(applied.errors)")
      #expect(try text(folder, "c.csv") == text(folder, "u.csv"))

      let weight = try #require(fast.firstMatch(of: #/number<weight0_t>\((-?\d+)\)/#))
      var edited = fast
      edited.replaceSubrange(weight.output.1.startIndex..<weight.output.1.endIndex, with: "1")
      try Data(edited.utf8).write(to: folder.appending(path: "d/throughput/src/dpd.cpp"))
      let bad = try CommandLineTool.pare(
        "simulate", "d/throughput", "--dataset", "none", in: folder)
      #expect(bad.status == 1)
      #expect(
        bad.errors.contains(#/sample \d+, port y[01]: expected -?\d+, got -?\d+/#), "\(bad.errors)")

      // What only hardware has is refused for C++.
      for verb in ["verify", "implement"] {
        let run = try CommandLineTool.pare(verb, "d/area", in: folder)
        #expect(run.status != 0 && run.errors.contains("error: "), "\(verb): \(run.errors)")
      }
    }
  }

  @Test(arguments: [
    ["--language", "hls", "--effort", "high"], ["--language", "hls", "--samples-per-clock", "2"],
    ["--language", "hls", "--multipliers", "dsp"], ["--form", "loops"], ["--fir", "pot"],
    ["--directives", "area"], ["--language", "vhdl", "--reuse-factor", "2"],
    ["--language", "hls", "--fir", "magic"], ["--language", "hls", "--reuse-factor", "0"],
    ["--language", "hls", "--directives", "baseline", "--reuse-factor", "2"],
    ["--language", "hls", "--directives", "area", "--directives", "area"],
    ["--language", "hls"],
  ])
  func `options that make no sense together are refused`(words: [String]) throws {
    try withTemporaryFolder { folder in
      expectFault(
        try CommandLineTool.pare(["compile", Self.taps, "--out", "d"] + words, in: folder),
        status: 64, "hint: ")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }
}
