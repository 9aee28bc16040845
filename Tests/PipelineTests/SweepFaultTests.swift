import Foundation
import Testing

/// A sweep from the command line: what it foresees, what it refuses, and what it leaves alone.
@Suite struct SweepFaultTests {
  private func expectFault(_ run: Run, status: Int32, _ words: String...) {
    #expect(run.status == status, "\(run.errors)")
    let lines = run.errors.split(separator: "\n")
    #expect(lines.count == 2 && lines.first?.hasPrefix("error: ") == true, "\(run.errors)")
    for word in words { #expect(run.errors.contains(word), "\(run.errors)") }
    #expect(run.output.isEmpty)
  }

  private static let tiny = """
    dataset: data
    recipe: {preset: quick, steps: 20, seedCount: 1}
    space:
      architecture: {kernelSize: 3, channels: 2, activation: tanh}
      sparsity: [0, 0.5]
      quantizer: [none, apot]
    """

  /// The folder `data` with a small synthetic data set, and `e.yaml`.
  private func prepare(_ folder: URL, yaml: String = tiny) throws {
    let made = try CommandLineTool.pare(
      "dataset", "make", "--samples", "4000", "--out", "data", "--quiet", in: folder)
    #expect(made.status == 0, "\(made.errors)")
    try Data(yaml.utf8).write(to: folder.appending(path: "e.yaml"))
  }

  @Test func `the paper's grid is counted without any data`() throws {
    try withTemporaryFolder { folder in
      let run = try CommandLineTool.pare(
        "sweep", "--preset", "paper", "--dry-run", "--json", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let plan = try #require(
        JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      #expect(plan["points"] as? Int == 1344)
      #expect(plan["denseParents"] as? Int == 56)
      #expect(plan["trainings"] as? Int == 168)
      #expect(plan["mostWeights"] as? Int == 3520)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test func `one source of points, no more and no less`() throws {
    try withTemporaryFolder { folder in
      expectFault(try CommandLineTool.pare("sweep", in: folder), status: 64, "nothing to sweep")
      expectFault(
        try CommandLineTool.pare("sweep", "e.yaml", "--preset", "quick", in: folder), status: 64,
        "exclude each other")
      expectFault(
        try CommandLineTool.pare("sweep", "e.yaml", "--tries", "2", in: folder), status: 64,
        "go with --preset")
      expectFault(
        try CommandLineTool.pare("sweep", "none.yaml", in: folder), status: 65, "none.yaml")
      try FileManager.default.createDirectory(
        at: folder.appending(path: "empty"), withIntermediateDirectories: true)
      expectFault(try CommandLineTool.pare("sweep", "empty", in: folder), status: 65, "empty")
    }
  }

  @Test func `a misspelt axis is named with file, line and the word that was meant`() throws {
    try withTemporaryFolder { folder in
      try Data("space:\n  architecture:\n    kernelSizes: [3, 5]\n".utf8)
        .write(to: folder.appending(path: "e.yaml"))
      expectFault(
        try CommandLineTool.pare("sweep", "e.yaml", in: folder), status: 65, "e.yaml:3",
        "kernelSize'?")
    }
  }

  @Test func `a cluster is asked for nothing that it cannot do, before any data is loaded`() throws
  {
    try withTemporaryFolder { folder in
      try Data((Self.tiny + "\nstrategy: {evolution: {population: 4, generations: 2}}\n").utf8)
        .write(to: folder.appending(path: "e.yaml"))
      let bin = folder.appending(path: "bin")
      try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
      let none = ["PARE_SLURM_BIN": bin.path]
      expectFault(
        try CommandLineTool.pare(
          "sweep", "e.yaml", "--executor", "slurm", in: folder, environment: none),
        status: 69, "sbatch")
      for name in ["sbatch", "squeue"] {
        let file = bin.appending(path: name)
        try Data("#!/bin/sh\nexit 1\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
      }
      expectFault(
        try CommandLineTool.pare(
          "sweep", "e.yaml", "--executor", "slurm", in: folder, environment: none),
        status: 64, "evolutionary")
      expectFault(
        try CommandLineTool.pare("sweep", "e.yaml", "--no-wait", in: folder), status: 64,
        "--executor slurm")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "runs").path))
    }
  }

  @Test func `a sweep leads to fronts, a report and models, and its rows are those of pare train`()
    throws
  {
    try withTemporaryFolder { folder in
      try prepare(folder)
      func pare(_ words: String...) throws -> Run {
        let run = try CommandLineTool.pare(words, in: folder)
        #expect(run.status == 0, "\(words): \(run.errors)")
        return run
      }
      let sweep = try pare("sweep", "e.yaml", "--out", "run", "--jobs", "2")
      #expect(sweep.errors.contains("[4/4]"))
      #expect(try pare("sweep", "run").output.contains("0 done"))
      #expect(try pare("pareto", "run").output.contains("front of none"))
      _ = try pare("report", "run", "--out", "report.html")
      _ = try pare("ledger", "model", "run", "k3-c2-n2-tanh-apot-p50", "--out", "swept.json")
      _ = try pare(
        "train", "--dataset", "data", "--kernel", "3", "--channels", "2", "--activation", "tanh",
        "--look-ahead", "1", "--sparsity", "0.5", "--quantizer", "apot", "--preset", "quick",
        "--recipe", "steps=20", "--tries", "1", "--out", "trained.json")
      let swept = try Data(contentsOf: folder.appending(path: "swept.json"))
      #expect(try swept == Data(contentsOf: folder.appending(path: "trained.json")))
    }
  }

  @Test func `a foreign file in the ledger's place is named and left as it is`() throws {
    try withTemporaryFolder { folder in
      try prepare(folder)
      let run = folder.appending(path: "run")
      try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
      let foreign = Data("not a database at all, but somebody's notes".utf8)
      try foreign.write(to: run.appending(path: "ledger.sqlite"))
      expectFault(
        try CommandLineTool.pare("sweep", "e.yaml", "--out", "run", in: folder), status: 65,
        "ledger.sqlite")
      #expect(try Data(contentsOf: run.appending(path: "ledger.sqlite")) == foreign)
    }
  }
}
