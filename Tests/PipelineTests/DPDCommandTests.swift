import Foundation
import Testing

/// `pare dpd`: figures that agree with the published ones through the built command, and what a user can get wrong.
@Suite struct DPDCommandTests {
  private struct Scores: Decodable {
    struct Figures: Decodable {
      let nmseDB: Double
      let evmDB: Double?
      let aclrLowerDB: Double
      let aclrUpperDB: Double
      let isFeasible: Bool
    }
    struct Row: Decodable {
      let judge: String
      let drive: Figures
      let baseline: Figures
      let qualityDB: Double
      let fidelityDB: Double
    }
    struct Minimum: Decodable {
      let drive: Figures
      let qualityDB: Double
    }
    let split: String
    let sampleCount: Int
    let inBandMeasure: String
    let judges: [Row]
    let minimum: Minimum
  }

  private func scores(_ run: Run) throws -> Scores {
    try #require(run.status == 0, "\(run.errors)")
    return try JSONDecoder().decode(Scores.self, from: Data(run.output.utf8))
  }

  private func expectFault(_ run: Run, status: Int32, _ words: String...) {
    #expect(run.status == status, "\(run.errors)")
    let lines = run.errors.split(separator: "\n")
    #expect(lines.count == 2, "\(run.errors)")
    #expect(lines.first?.hasPrefix("error: ") == true && lines.last?.hasPrefix("hint:  ") == true)
    for word in words { #expect(run.errors.contains(word), "\(word) in: \(run.errors)") }
    #expect(run.output.isEmpty)
  }

  @Test func `a memory polynomial from its drive to the published score`() throws {
    try withTemporaryFolder { folder in
      let made = try CommandLineTool.pare(
        "dpd", "waveform", "mp250", "--output", "u.csv", "--quiet", in: folder)
      try #require(made.status == 0, "\(made.errors)")
      let found = try scores(
        try CommandLineTool.pare(
          "dpd", "score", "u.csv", "--output", "y.csv", "--json", "--quiet", in: folder))
      let row = try #require(found.judges.first)
      #expect(found.judges.count == 1 && row.judge == "arena" && found.split == "test")
      #expect(found.inBandMeasure == "evm")
      // Published with the benchmark as mp_ls at 250 parameters; a thousandth of a dB for single precision.
      #expect(abs(row.drive.nmseDB - -38.964155) < 0.001)
      #expect(abs(try #require(row.drive.evmDB) - -42.529216) < 0.001)
      #expect(abs(row.drive.aclrLowerDB - -44.969688) < 0.001)
      #expect(abs(row.drive.aclrUpperDB - -42.874797) < 0.001)
      #expect(abs(row.qualityDB - 18.393527) < 0.001)
      #expect(found.minimum.qualityDB == row.qualityDB && row.drive.isFeasible)
      #expect(try rows(folder, "y.csv").count == found.sampleCount)
    }
  }

  @Test func `no predistortion is worth nothing, and on a short split the table says what Q is of`()
    throws
  {
    try withTemporaryFolder { folder in
      let made = try CommandLineTool.pare(
        "dpd", "waveform", "baseline", "--split", "val", "--output", "u.csv", "--quiet", in: folder)
      try #require(made.status == 0, "\(made.errors)")
      let run = try CommandLineTool.pare(
        "dpd", "score", "u.csv", "--split", "val", "--quiet", in: folder)
      try #require(run.status == 0, "\(run.errors)")
      let lines = run.output.split(separator: "\n")
      #expect(
        lines.map { $0.split(separator: " ")[0] } == [
          "judge", String(repeating: "-", count: 7)[...], "arena", "minimum", "split",
        ])
      let cells = lines[2].split(separator: " ")
      #expect(cells[2] == "-" && cells[6] == "yes" && Double(cells[7]) == 0)
      #expect(lines[4].contains("no whole symbol"))
      let found = try scores(
        try CommandLineTool.pare(
          "dpd", "score", "u.csv", "--split", "val", "--json", "--quiet", in: folder))
      #expect(found.judges[0].drive.evmDB == nil && found.inBandMeasure == "bandError")
      // What the benchmark publishes of its amplifier on the validation split.
      #expect(abs(found.judges[0].fidelityDB - -40.072726) < 0.001)
    }
  }

  @Test func `a drive that does not fit is refused, with the counts, the split and the sample`()
    throws
  {
    try withTemporaryFolder { folder in
      expectFault(
        try CommandLineTool.pare("dpd", "score", "none.csv", in: folder), status: 65, "none.csv")
      try Data("I,Q\n0.1,0\n0,0.1\n".utf8).write(to: folder.appending(path: "u.csv"))
      expectFault(
        try CommandLineTool.pare("dpd", "score", "u.csv", in: folder), status: 65, "2 samples",
        "66270", "'test'")
      try Data("I,Q\n0.1,0\n0,nan\n".utf8).write(to: folder.appending(path: "n.csv"))
      expectFault(
        try CommandLineTool.pare("dpd", "score", "n.csv", in: folder), status: 65,
        "n.csv, line 3")
      let silence = "I,Q\n" + String(repeating: "0,0\n", count: 6327)
      try Data(silence.utf8).write(to: folder.appending(path: "s.csv"))
      expectFault(
        try CommandLineTool.pare("dpd", "score", "s.csv", in: folder), status: 65, "6327",
        "--split val")
      expectFault(
        try CommandLineTool.pare("dpd", "score", "s.csv", "--split", "val", in: folder), status: 65,
        "silent")
    }
  }

  @Test func `a judge that is none is refused, with the judges that are`() throws {
    try withTemporaryFolder { folder in
      let drive = "I,Q\n" + String(repeating: "0.1,0\n", count: 6327)
      try Data(drive.utf8).write(to: folder.appending(path: "u.csv"))
      func run(_ judges: String...) throws -> Run {
        try CommandLineTool.pare(
          ["dpd", "score", "u.csv", "--split", "val", "--judge"] + judges, in: folder)
      }
      expectFault(try run("areno"), status: 64, "areno", "did you mean arena?")
      expectFault(try run("someone"), status: 64, "someone", "judges: arena")
      expectFault(try run("none.json"), status: 65, "none.json")
      try Data(#"{"kind": "teapot"}"#.utf8).write(to: folder.appending(path: "t.json"))
      expectFault(try run("arena", "t.json"), status: 65, "t.json", "teapot")
      expectFault(try run("arena", "arena"), status: 64, "twice")
    }
  }

  @Test(arguments: [
    (["--budget", "many", "--out", "d"], "'many'"), (["--budget", "30/x", "--out", "d"], "'30/x'"),
    (["--out", "d", "--leave-one-out", "--judge", "arena", "gmp"], "either"), ([], "either"),
    (["--leave-one-out"], "two judges"),
    (["--out", "d", "--feature-bits", "40"], "--feature-bits"),
    (["--out", "d", "--budget", "30", "30"], "twice"),
  ]) func `a design that makes no sense is refused before any work`(
    arguments: [String], word: String
  ) throws {
    try withTemporaryFolder { folder in
      let run = try CommandLineTool.pare(["dpd", "design"] + arguments, in: folder)
      #expect(run.status == 64, "\(run.errors)")
      #expect(run.errors.contains(word), "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "d").path))
    }
  }

  @Test(arguments: [
    (["--iterations", "-1"], "--iterations"), (["--nonzeros", "0"], "--nonzeros"),
    (["--word-length", "40"], "--word-length"), (["--tanh-table-bits", "20"], "--tanh-table-bits"),
    (["--judge", "arena", "arena"], "twice"),
  ]) func `a refinement that makes no sense is refused before any work`(
    arguments: [String], word: String
  ) throws {
    try withTemporaryFolder { folder in
      let run = try CommandLineTool.pare(
        ["dpd", "refine", "m.json", "--out", "r.json"] + arguments, in: folder)
      #expect(run.status == 64, "\(run.errors)")
      #expect(run.errors.contains(word), "\(run.errors)")
    }
  }

  @Test func `only a network is refined, and only to weights that it has`() throws {
    try withTemporaryFolder { folder in
      func run(_ options: String...) throws -> Run {
        try CommandLineTool.pare(
          ["dpd", "refine", "m.json", "--out", "r.json", "--quiet"] + options, in: folder)
      }
      try Data(#"{"kind": "teapot"}"#.utf8).write(to: folder.appending(path: "m.json"))
      expectFault(try run(), status: 65, "m.json", "neither")
      for words in [
        ["dataset", "make", "--out", "own", "--samples", "24000", "--seed", "5"],
        [
          "train", "--dataset", "own", "--kernel", "2", "--channels", "2", "--convolutions", "2",
          "--recipe", "steps=20", "--tries", "1", "--out", "m.json",
        ],
      ] {
        let made = try CommandLineTool.pare(words + ["--quiet"], in: folder)
        try #require(made.status == 0, "\(made.errors)")
      }
      expectFault(try run("--nonzeros", "50"), status: 64, "16 weights", "--revive")
      expectFault(try run("--judge", "areno"), status: 64, "areno")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "r.json").path))
      let made = try run("--iterations", "1", "--nonzeros", "14", "--json")
      try #require(made.status == 0, "\(made.errors)")
      struct Report: Decodable {
        struct Step: Decodable {
          let name: String
          let nonZeroCount: Int
        }
        let steps: [Step]
      }
      let report = try JSONDecoder().decode(Report.self, from: Data(made.output.utf8))
      #expect(report.steps.map(\.name) == ["given", "refined", "pruned"])
      #expect(report.steps.last?.nonZeroCount == 14)
    }
  }

  @Test func `the ideal drive leaves the frozen amplifier nothing to complain of`() throws {
    try withTemporaryFolder { folder in
      let made = try CommandLineTool.pare(
        "dpd", "waveform", "ideal", "--split", "val", "--output", "u.csv", "--quiet", in: folder)
      try #require(made.status == 0, "\(made.errors)")
      let found = try scores(
        try CommandLineTool.pare(
          "dpd", "score", "u.csv", "--split", "val", "--judge", "arena", "gmp", "--json", "--quiet",
          in: folder))
      #expect(found.judges[0].drive.nmseDB < -90)
      // Another model of the same amplifier is not so easily pleased.
      #expect(found.judges[1].drive.nmseDB > -50)
    }
  }

  @Test func `a fitted amplifier becomes a judge`() throws {
    try withTemporaryFolder { folder in
      let fitted = try CommandLineTool.pare(
        "dpd", "amplifier", "gmp", "--out", "g.json", "--quiet", in: folder)
      try #require(fitted.status == 0, "\(fitted.errors)")
      let made = try CommandLineTool.pare(
        "dpd", "waveform", "mp250", "--split", "val", "--output", "u.csv", "--quiet", in: folder)
      try #require(made.status == 0, "\(made.errors)")
      let found = try scores(
        try CommandLineTool.pare(
          "dpd", "score", "u.csv", "--split", "val", "--judge", "gmp", "g.json", "--json",
          "--quiet", in: folder))
      // From its file as from the fit, to the last bit.
      #expect(found.judges[0].qualityDB == found.judges[1].qualityDB)
      #expect(found.minimum.qualityDB == found.judges[0].qualityDB)
    }
  }

  @Test func `offline without a cache says what is missing`() throws {
    try withTemporaryFolder { folder in
      let cache = folder.appending(path: "cache").path
      expectFault(
        try CommandLineTool.pare(
          "dpd", "fetch", in: folder, environment: ["PARE_OFFLINE": "1", "PARE_CACHE": cache]),
        status: 69, "opendpd/arena_assets of opendpd==2.4.2", "PARE_OFFLINE")
      #expect(!FileManager.default.fileExists(atPath: cache))
    }
  }

  @Test func `assets that were damaged in the cache are named with the way out`() throws {
    try withTemporaryFolder { folder in
      let fetched = try CommandLineTool.pare("dpd", "fetch", "--json", "--quiet", in: folder)
      try #require(fetched.status == 0, "\(fetched.errors)")
      struct Place: Decodable { let folder: String }
      let source = try JSONDecoder().decode(Place.self, from: Data(fetched.output.utf8)).folder
      let cache = folder.appending(path: "cache")
      let copy = cache.appending(path: "datasets/opendpd/arena_assets")
      try FileManager.default.createDirectory(
        at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: URL(filePath: source), to: copy)
      let offline = ["PARE_OFFLINE": "1", "PARE_CACHE": cache.path]
      let whole = try CommandLineTool.pare("dpd", "fetch", in: folder, environment: offline)
      #expect(whole.status == 0, "\(whole.errors)")
      let file = copy.appending(path: "apa-200mhz-b-pa-v6.npz")
      let bytes = try Data(contentsOf: file)
      // One bit of a weight, in the middle of a member.
      var flipped = bytes
      flipped[bytes.count / 2] ^= 0x10
      for damaged in [flipped, bytes.prefix(bytes.count / 2)] {
        try damaged.write(to: file)
        expectFault(
          try CommandLineTool.pare("dpd", "fetch", in: folder, environment: offline), status: 65,
          "apa-200mhz-b-pa-v6.npz", "remove \(copy.path)")
      }
    }
  }

  @Test
  func
    `a model of an amplifier is not entered as a predistorter, and options of a data set need one`()
    throws
  {
    try withTemporaryFolder { folder in
      expectFault(
        try CommandLineTool.pare("dpd", "enter", "run", "absent.json", in: folder), status: 65,
        "absent.json")
      let alone = try CommandLineTool.pare(
        "dpd", "amplifier", "gmp", "--out", "a.json", "--gain", "peak", in: folder)
      #expect(alone.status == 64 && alone.errors.contains("--gain"))
      let made = try CommandLineTool.pare(
        "dataset", "make", "--out", "own", "--samples", "24000", "--seed", "5", in: folder)
      try #require(made.status == 0, "\(made.errors)")
      expectFault(
        try CommandLineTool.pare(
          "dpd", "design", "own", "--judge", "arena", "--out", "run", "--quiet", in: folder),
        status: 64, "arena", "public benchmark")
    }
  }
}
