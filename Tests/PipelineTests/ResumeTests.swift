import Foundation
import Testing

/// A training that is stopped again and again ends where one that never was does.
@Suite struct ResumeTests {
  private func prepare(_ folder: URL) throws {
    let made = try CommandLineTool.pare(
      "dataset", "make", "--samples", "12000", "--out", "data", in: folder)
    #expect(made.status == 0, "\(made.errors)")
    try Data(
      """
      dataset: data
      architecture: {kernelSize: 3, hiddenChannels: [4], lookAhead: 1, dilations: [1, 2]}
      sparsity: 0.5
      quantizer: apot,pot/channel
      recipe:
        steps: 600
        seedCount: 2
        pruning: {roundSteps: 20, finalSteps: 100}
        quantization: {stages: 3, stageSteps: 30, sweeps: 1, biasSteps: 30}
      """.utf8
    ).write(to: folder.appending(path: "e.yaml"))
  }

  @Test func `killed and interrupted, a training goes on and writes the same bytes`() throws {
    try withTemporaryFolder { folder in
      try prepare(folder)
      let whole = try CommandLineTool.pare(
        "train", "e.yaml", "--out", "whole.json", "--jobs", "2", in: folder)
      #expect(whole.status == 0, "\(whole.errors)")

      let killed = try CommandLineTool.pare(
        "train", "e.yaml", "--out", "m.json", "--jobs", "1", in: folder,
        until: "m.run/seed-1/dense.json", signal: SIGKILL)
      #expect(killed == -SIGKILL)
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "m.json").path))
      let interrupted = try CommandLineTool.pare(
        "train", "e.yaml", "--out", "m.json", "--jobs", "1", in: folder,
        until: "m.run/seed-1/model.json", signal: SIGINT)
      #expect(interrupted == 130)

      let last = try CommandLineTool.pare(
        "train", "e.yaml", "--out", "m.json", "--jobs", "1", in: folder)
      #expect(last.status == 0, "\(last.errors)")
      #expect(last.errors.contains("[1/2] seed 1") && last.errors.contains("(kept)"))
      #expect(try text(folder, "m.json") == text(folder, "whole.json"))
      #expect(try text(folder, "m.curve.json") == text(folder, "whole.curve.json"))
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "m.run").path))
    }
  }

  @Test func `interrupted inside the dense training, it goes on from the last look`() throws {
    try withTemporaryFolder { folder in
      try prepare(folder)
      let arguments = ["train", "e.yaml", "--tries", "1", "--recipe", "validationInterval=5"]
      func train(_ out: String, steps: Int) throws -> Run {
        try CommandLineTool.pare(
          arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5],
          "--recipe", "steps=\(steps)", "--out", out, in: folder)
      }
      let interrupted = try CommandLineTool.pare(
        arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5],
        "--recipe", "steps=12000", "--out", "m.json", in: folder,
        until: "m.run/seed-1/checkpoint.json", signal: SIGINT)
      #expect(interrupted == 130)
      let resumed = try train("m.json", steps: 12000)
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(resumed.errors.contains("goes on from step"), "\(resumed.errors)")
      let whole = try train("whole.json", steps: 12000)
      #expect(whole.status == 0, "\(whole.errors)")
      #expect(try text(folder, "m.json") == text(folder, "whole.json"))
    }
  }

  @Test func `every instruction set writes the same bytes`() throws {
    try withTemporaryFolder { folder in
      try prepare(folder)
      let fastest = try CommandLineTool.pare("train", "e.yaml", "--out", "a.json", in: folder)
      #expect(fastest.status == 0, "\(fastest.errors)")
      let portable = try CommandLineTool.pare(
        "train", "e.yaml", "--out", "b.json", in: folder, environment: ["PARE_KERNELS": "portable"])
      #expect(portable.status == 0, "\(portable.errors)")
      #expect(try text(folder, "a.json") == text(folder, "b.json"))
      #expect(try text(folder, "a.curve.json") == text(folder, "b.curve.json"))
      let unknown = try CommandLineTool.pare(
        "doctor", in: folder, environment: ["PARE_KERNELS": "mmx"])
      #expect(unknown.status != 0 && unknown.errors.contains("PARE_KERNELS is 'mmx'"))
    }
  }
}
