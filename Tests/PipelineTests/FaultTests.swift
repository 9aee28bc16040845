import Foundation
import Testing

/// What a user can get wrong: two lines on standard error, the right exit code, nothing left behind.
@Suite struct FaultTests {
  private func expectFault(_ run: Run, status: Int32, _ words: String...) {
    #expect(run.status == status, "\(run.errors)")
    let lines = run.errors.split(separator: "\n")
    #expect(lines.count == 2, "\(run.errors)")
    #expect(lines.first?.hasPrefix("error: ") == true && lines.last?.hasPrefix("hint:  ") == true)
    for word in words { #expect(run.errors.contains(word), "\(run.errors)") }
    #expect(run.output.isEmpty)
  }

  @Test func `a mistyped flag is a usage error that shows the usage`() throws {
    try withTemporaryFolder { folder in
      expectFault(
        try CommandLineTool.pare("train", "--kernal", "3", in: folder), status: 64, "--kernal",
        "usage: pare train")
      expectFault(try CommandLineTool.pare("trian", in: folder), status: 64, "trian")
    }
  }

  @Test func `a missing file is named`() throws {
    try withTemporaryFolder { folder in
      expectFault(
        try CommandLineTool.pare(
          "apply", "none.json", "--input", "x.csv", "--output", "u.csv", in: folder),
        status: 65, "none.json")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test func `a misspelt knob is named with file, line and the word that was meant`() throws {
    try withTemporaryFolder { folder in
      try Data("seed: 1\nrecipe:\n  pruning:\n    finalStep: 3\n".utf8)
        .write(to: folder.appending(path: "e.yaml"))
      expectFault(
        try CommandLineTool.pare("train", "e.yaml", in: folder), status: 65, "e.yaml:4",
        "pruning.finalSteps")
    }
  }

  @Test func `a design that no integer network can follow is refused before training`() throws {
    try withTemporaryFolder { folder in
      expectFault(
        try CommandLineTool.pare("train", "--quantizer", "apot:9", in: folder), status: 64, "apot:9"
      )
      expectFault(
        try CommandLineTool.pare("train", "--look-ahead", "99", in: folder), status: 64,
        "look-ahead 99")
    }
  }

  @Test func `absurd numbers are refused, not computed with`() throws {
    try withTemporaryFolder { folder in
      for count in ["0", "-9223372036854775808", "9223372036854775807"] {
        expectFault(
          try CommandLineTool.pare("train", "--convolutions=\(count)", in: folder), status: 64,
          "--convolutions is \(count)")
      }
      try Data("I,Q\n1,0\n0,1\n".utf8).write(to: folder.appending(path: "x.csv"))
      expectFault(
        try CommandLineTool.pare(
          "metrics", "--output", "x.csv", "--reference", "x.csv", "--sample-rate", "1",
          "--bandwidth", "0.2", "--segment-length", "1000000000000", in: folder), status: 65,
        "1000000000000")
      expectFault(
        try CommandLineTool.pare(
          "dataset", "make", "--sample-rate", "5e-324", "--bandwidth", "5e-324", "--out", "d",
          in: folder), status: 65, "subcarriers")
    }
  }

  @Test func `a slash at the end of a folder changes nothing`() throws {
    try withTemporaryFolder { folder in
      let taps = CommandLineTool.repository.appending(path: "Examples/fir/taps.json").path
      for name in ["first", "second"] {
        let run = try CommandLineTool.pare(
          "compile", taps, "--name", name, "--out", "d/", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try text(folder, "d/manifest.json").contains(name))
      }
    }
  }

  @Test func `a data set takes the place of nothing else, force or not`() throws {
    try withTemporaryFolder { folder in
      try Data("mine".utf8).write(to: folder.appending(path: "notes.txt"))
      expectFault(
        try CommandLineTool.pare(
          "dataset", "make", "--samples", "2000", "--out", "notes.txt", "--force", in: folder),
        status: 1, "notes.txt")
      #expect(try text(folder, "notes.txt") == "mine")
    }
  }

  @Test func `a data set that is neither folder nor known name is refused`() throws {
    try withTemporaryFolder { folder in
      expectFault(
        try CommandLineTool.pare("dataset", "inspect", "nowhere", in: folder), status: 65,
        "nowhere")
    }
  }

  @Test func `without network and cache the data set is not invented`() throws {
    try withTemporaryFolder { folder in
      let run = try CommandLineTool.pare(
        "train", "--quiet", in: folder,
        environment: ["PARE_OFFLINE": "1", "PARE_CACHE": folder.path + "/cache"])
      #expect(run.status != 0)
      #expect(run.errors.contains("PARE_OFFLINE"))
    }
  }

  @Test func `an empty or impossible output path is refused`() throws {
    try withTemporaryFolder { folder in
      expectFault(try CommandLineTool.pare("init", "", in: folder), status: 64, "empty")
      let taps = CommandLineTool.repository.appending(path: "Examples/fir/taps.json").path
      expectFault(
        try CommandLineTool.pare("compile", taps, "--out", "", in: folder), status: 64, "empty")
      expectFault(
        try CommandLineTool.pare("compile", taps, "--name", "clk", "--out", "d", in: folder),
        status: 65, "clk")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test func `a source edited after compiling is noticed`() throws {
    try withTemporaryFolder { folder in
      let taps = CommandLineTool.repository.appending(path: "Examples/fir/taps.json").path
      #expect(try CommandLineTool.pare("compile", taps, "--out", "d", in: folder).status == 0)
      let source = folder.appending(path: "d/taps.json")
      let edited = try text(folder, "d/taps.json").replacingOccurrences(of: "75", with: "76")
      try Data(edited.utf8).write(to: source)
      expectFault(
        try CommandLineTool.pare("simulate", "d", in: folder), status: 65, "taps.json", "changed")
    }
  }

  @Test func `a path with a space is refused before Verilator builds there`() throws {
    try withTemporaryFolder { folder in
      let taps = CommandLineTool.repository.appending(path: "Examples/fir/taps.json").path
      #expect(try CommandLineTool.pare("compile", taps, "--out", "a b", in: folder).status == 0)
      let run = try CommandLineTool.pare("simulate", "a b", in: folder)
      #expect(run.status == 65 && run.errors.contains("space"), "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/a b/sim"))
    }
  }

  @Test func `metrics refuse windows that cannot see a sub-channel`() throws {
    try withTemporaryFolder { folder in
      let rows = (0..<64).map { "\($0 % 7),\($0 % 5)" }.joined(separator: "\n")
      try Data("I,Q\n\(rows)\n".utf8).write(to: folder.appending(path: "x.csv"))
      expectFault(
        try CommandLineTool.pare(
          "metrics", "--output", "x.csv", "--reference", "x.csv", "--sample-rate", "8",
          "--bandwidth", "2", "--segment-length", "2", in: folder), status: 65, "bins")
    }
  }

  @Test func `a missing tool is found before the work starts`() throws {
    try withTemporaryFolder { folder in
      let taps = CommandLineTool.repository.appending(path: "Examples/fir/taps.json").path
      #expect(try CommandLineTool.pare("compile", taps, "--out", "d", in: folder).status == 0)
      let run = try CommandLineTool.pare(
        "implement", "d", in: folder, environment: ["PARE_YOSYS": "/nowhere/yosys"])
      expectFault(run, status: 69, "yosys", "PARE_YOSYS")
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/d/synth"))
    }
  }

  @Test func `a folder that is not a design is neither simulated nor overwritten`() throws {
    try withTemporaryFolder { folder in
      let own = folder.appending(path: "own")
      try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
      try Data("mine".utf8).write(to: own.appending(path: "notes.txt"))
      let taps = CommandLineTool.repository.appending(path: "Examples/fir/taps.json").path
      expectFault(
        try CommandLineTool.pare("compile", taps, "--out", "own", in: folder), status: 1, "own")
      expectFault(
        try CommandLineTool.pare("simulate", "own", in: folder), status: 65, "manifest.json")
      #expect(try text(own, "notes.txt") == "mine")
    }
  }

  @Test func `an output that cannot be written is refused before the training`() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "taken"), withIntermediateDirectories: true)
      expectFault(
        try CommandLineTool.pare("train", "--dataset", "none", "--out", "taken", in: folder),
        status: 1, "taken: cannot be written (it is a folder)")
      expectFault(
        try CommandLineTool.pare("train", "--dataset", "none", "--out", "m.curve.json", in: folder),
        status: 64, "learning curves")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "taken.run").path))
    }
  }

  @Test func `the words that a knob takes are listed`() throws {
    try withTemporaryFolder { folder in
      expectFault(
        try CommandLineTool.pare("train", "--recipe", "pruning.method=size", in: folder),
        status: 64, "'size' is not a value", "magnitude, saliency, surgeon, curvature")
      expectFault(
        try CommandLineTool.pare("train", "--recipe", "steps=1.5", in: folder), status: 64,
        "give a whole number")
      try Data("architecture:\n  features: [i, q, |x|^2]\n".utf8)
        .write(to: folder.appending(path: "e.yaml"))
      expectFault(
        try CommandLineTool.pare("train", "e.yaml", in: folder), status: 65,
        "e.yaml:2: not valid YAML: found character", "quote texts")
    }
  }

  @Test func `a polynomial file with absurd terms is refused, not run`() throws {
    try withTemporaryFolder { folder in
      let made = try CommandLineTool.pare(
        "dataset", "make", "--samples", "12000", "--out", "data", in: folder)
      #expect(made.status == 0, "\(made.errors)")
      let fit = try CommandLineTool.pare(
        "baseline", "data", "--kind", "mp", "--orders", "2", "--delays=0:1", "--coefficients", "2",
        "--out", "p.json", in: folder)
      #expect(fit.status == 0, "\(fit.errors)")
      let text = try text(folder, "p.json")
      func apply(_ pattern: Regex<Substring>, _ value: String) throws -> Run {
        let damaged = text.replacing(pattern, with: value, maxReplacements: 1)
        #expect(damaged != text)
        try Data(damaged.utf8).write(to: folder.appending(path: "d.json"))
        return try CommandLineTool.pare(
          "apply", "d.json", "--input", "data/test_input.csv", "--output", "u.csv", in: folder)
      }
      expectFault(
        try apply(/"delay" : [0-9]/, "\"delay\" : -9223372036854775808"), status: 65,
        "is not possible")
      expectFault(
        try apply(/"re" : [-0-9.e]+/, "\"re\" : 1e300"), status: 65, "is not finite")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "u.csv").path))
    }
  }
}
