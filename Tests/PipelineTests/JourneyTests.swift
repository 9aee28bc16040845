import Foundation
import Testing

/// One small network from data to a placed-and-routed circuit, through the command line alone.
@Suite(.serialized) struct JourneyTests {
  /// A synthetic data set and a network trained on it for a second; the seeds are fixed.
  private func makeModel(in folder: URL, _ more: String...) throws {
    let made = try CommandLineTool.pare(
      "dataset", "make", "--samples", "12000", "--out", "data", in: folder)
    #expect(made.status == 0, "\(made.errors)")
    try train(in: folder, out: "model.json", jobs: "2", more)
  }

  private func train(in folder: URL, out: String, jobs: String, _ more: [String]) throws {
    // The leaky network has all that a plain one has not.
    let architecture =
      more.first == "leaky"
      ? ", features: [i, q, 'i|x|^2', 'q|x|^2'], dilations: [1, 2], biases: false, "
        + "branch: {kernelSize: 7, lookAhead: 4, structure: complex}" : ""
    try Data(
      """
      dataset: data
      architecture: {kernelSize: 3, hiddenChannels: [4], lookAhead: 1\(architecture)}
      sparsity: 0.5
      quantizer: apot
      recipe:
        steps: 400
        seedCount: 2
        pruning: {roundSteps: 20, finalSteps: 100}
        quantization: {stages: 3, stageSteps: 30, sweeps: 1, biasSteps: 30}
      """.utf8
    ).write(to: folder.appending(path: "e.yaml"))
    let run = try CommandLineTool.pare(
      "train", "e.yaml", "--out", out, "--jobs", jobs, "--activation",
      more.first ?? "relu", in: folder)
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test(arguments: ["relu", "tanh", "leaky"])
  func `a script written from the format's page alone gives the same outputs`(
    activation: String
  ) throws {
    try withTemporaryFolder { folder in
      try makeModel(in: folder, activation)
      let script = CommandLineTool.repository.appending(
        path: "Tests/PipelineTests/Fixtures/run_model.py"
      ).path
      for flags in [[], ["--fixed"]] {
        let ours =
          flags.isEmpty
          ? try CommandLineTool.pare(
            "apply", "model.json", "--input", "data/test_input.csv", "--output", "u.csv",
            in: folder)
          : try CommandLineTool.pare(
            "apply", "model.json", "--input", "data/test_input.csv", "--output", "u.csv",
            "--fixed", in: folder)
        #expect(ours.status == 0, "\(ours.errors)")
        let theirs =
          flags.isEmpty
          ? try CommandLineTool.python(
            script, "model.json", "data/test_input.csv", "v.csv", in: folder)
          : try CommandLineTool.python(
            script, "model.json", "data/test_input.csv", "v.csv", "--fixed", in: folder)
        #expect(theirs.status == 0, "\(theirs.errors)")
        let (u, v) = (try rows(folder, "u.csv"), try rows(folder, "v.csv"))
        #expect(u.count == 2400 && v.count == 2400)
        // Integers agree in every bit; 32-bit floats against Python's 64-bit ones differ by a few units in the last
        // place of sums of order one.
        let tolerance = flags.isEmpty ? 1e-5 : 0
        for (a, b) in zip(u.joined(), v.joined()) { #expect(abs(a - b) <= tolerance) }
      }
    }
  }

  @Test func `one and two jobs write the same bytes`() throws {
    try withTemporaryFolder { folder in
      try makeModel(in: folder)
      try train(in: folder, out: "again.json", jobs: "1", [])
      #expect(try text(folder, "model.json") == text(folder, "again.json"))
      #expect(try text(folder, "model.curve.json") == text(folder, "again.curve.json"))
    }
  }

  @Test(arguments: ["tanh", "leaky"])
  func `the Verilog equals the integers, tables and products too`(activation: String) throws {
    try withTemporaryFolder { folder in
      try makeModel(in: folder, activation)
      #expect(
        try CommandLineTool.pare("compile", "model.json", "--out", "d", in: folder).status == 0)
      try expectSimulationEqualsApply(in: folder)
    }
  }

  @Test func `the Verilog equals the integers, and one flipped sign is found`() throws {
    try withTemporaryFolder { folder in
      try makeModel(in: folder)
      #expect(
        try CommandLineTool.pare("compile", "model.json", "--out", "d", in: folder).status == 0)
      try expectSimulationEqualsApply(in: folder)

      try flipOneSign(folder.appending(path: "d/rtl/dpd.v"))
      let bad = try CommandLineTool.pare("simulate", "d", "--dataset", "none", in: folder)
      #expect(bad.status == 1)
      let fault = try #require(bad.errors.split(separator: "\n").first { $0.hasPrefix("error:") })
      #expect(
        fault.contains(#/sample \d+, port y[01]: expected -?\d+, got -?\d+/#), "\(fault)")
    }
  }

  /// What the simulated Verilog writes is what `apply --fixed` writes, byte for byte.
  private func expectSimulationEqualsApply(in folder: URL) throws {
    let simulated = try CommandLineTool.pare(
      "simulate", "d", "--input", "data/test_input.csv", "--output", "rtl.csv", in: folder)
    #expect(simulated.status == 0, "\(simulated.errors)")
    #expect(simulated.output.contains("equal: "))
    let applied = try CommandLineTool.pare(
      "apply", "model.json", "--input", "data/test_input.csv", "--output", "u.csv", "--fixed",
      in: folder)
    #expect(applied.status == 0, "\(applied.errors)")
    #expect(try text(folder, "rtl.csv") == text(folder, "u.csv"))
  }

  /// Turns the first `+` between two wires of an assignment into `-`.
  private func flipOneSign(_ file: URL) throws {
    var source = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    let sum = try #require(source.firstMatch(of: #/= [^;\/]*? (\+) [^;\/]*?;/#))
    source.replaceSubrange(sum.output.1.startIndex..<sum.output.1.endIndex, with: "-")
    try Data(source.utf8).write(to: file)
  }

  @Test func `taps without any network go all the way to a routed circuit`() throws {
    try withTemporaryFolder { folder in
      let taps = CommandLineTool.repository.appending(path: "Examples/fir/taps.json").path
      let compiled = try CommandLineTool.pare(
        "compile", taps, "--target", "ecp5-25k", "--out", "d", in: folder)
      #expect(compiled.status == 0, "\(compiled.errors)")
      let simulated = try CommandLineTool.pare("simulate", "d", in: folder)
      #expect(simulated.status == 0, "\(simulated.errors)")
      let built = try CommandLineTool.pare(
        "implement", "d", "--seeds", "1", "--json", in: folder)
      #expect(built.status == 0, "\(built.errors)")
      #expect(built.output == (try text(folder, "d/qor.json")))
      for key in ["fmaxMHz", "\"lut\"", "provenance", "nextpnr", "critical"] {
        #expect(built.output.contains(key), "\(key) is not in qor.json")
      }
      let again = try CommandLineTool.pare("implement", "d", "--seeds", "1", "--json", in: folder)
      #expect(again.output == built.output)
      #expect(!again.errors.contains("place and route"), "a finished stage ran again")
    }
  }
}
