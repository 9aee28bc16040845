import PareFixed
import PareHLS
import PareNetwork
import PareNumerics
import PareText
import PareTools
import RandomNetworks
import Testing

/// The self-checking test bench that comes with a design.
@Suite struct BenchTests {
  private static func bundle(count: Int = 200) throws -> SourceBundle {
    let quantized = try sampleNetwork(seed: 3)
    let network = try quantized.fixed(to: .uniform(for: quantized.architecture))
    return try network.hls(
      named: "dpd",
      stimulus: HLSStimulus(
        channels: words(network.inputFormat, seed: 1, count: count),
        segments: [0..<(count / 4), (count / 4)..<count]))
  }

  /// The bundle with other vectors or another source.
  private static func edited(
    _ bundle: SourceBundle, _ path: String, _ edit: (String) -> String
  ) -> SourceBundle {
    func change(_ files: [SourceFile]) -> [SourceFile] {
      files.map { $0.path == path ? SourceFile(path: path, text: edit($0.text)) : $0 }
    }
    return SourceBundle(
      top: bundle.top, design: change(bundle.design), testbench: change(bundle.testbench))
  }

  @Test func `a simulation passes without a warning and writes every result`() async throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let bundle = try Self.bundle()
    let folder = scratch.folder.folder("csim")
    let result = try await CxxSimulator().simulate(bundle, in: folder)
    #expect(result.passed)
    #expect(result.report.samples == 200)
    #expect(try folder.read(CxxSimulator.buildLog).isEmpty)
    let lines = String(decoding: try folder.read(CxxSimulator.resultsFile), as: UTF8.self)
    #expect(lines.split(separator: "\n").count == 200)
  }

  @Test func `a changed expected word is found and named`() async throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    var wanted = Int64.min
    let bundle = Self.edited(try Self.bundle(), "tb/vectors.txt") { text in
      // The head, the first segment of 50 samples and its line, the line of the second one, then its sample 7.
      var lines = text.split(separator: "\n").map(String.init)
      var numbers = lines[53 + 7].split(separator: " ").map { Int64($0)! }
      wanted = numbers[3]
      numbers[3] += 1
      lines[53 + 7] = numbers.map(String.init).joined(separator: " ")
      return lines.joined(separator: "\n") + "\n"
    }
    let result = try await CxxSimulator().simulate(bundle, in: scratch.folder.folder("csim"))
    #expect(!result.passed)
    #expect(result.report.mismatchCount == 1)
    let first = try #require(result.report.firstMismatch)
    #expect(first.segment == 1 && first.sample == 7 && first.port == "y1")
    #expect(first.expected == "\(wanted + 1)" && first.got == "\(wanted)")
  }

  @Test func `a changed weight is found`() async throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let bundle = Self.edited(try Self.bundle(), "src/dpd.cpp") {
      $0.replacing("(x0_0 >> 2) + (x0_0 >> 3)", with: "(x0_0 >> 2) + (x0_0 >> 4)")
    }
    #expect(bundle != (try Self.bundle()))
    let result = try await CxxSimulator().simulate(bundle, in: scratch.folder.folder("csim"))
    #expect(!result.passed)
  }

  @Test(arguments: [
    "", "pare-vectors 2 inputs 2 outputs 2 segments 1\n",
    "pare-vectors 1 inputs 3 outputs 2 segments 1\nsegment 1\n0 0 0 0 0\n",
    "pare-vectors 1 inputs 2 outputs 2 segments 0\n",
    "pare-vectors 1 inputs 2 outputs 2 segments 1\nsegment 2\n0 0 0 0\n",
    "pare-vectors 1 inputs 2 outputs 2 segments 2\nsegment 1\n0 0 0 0\n",
  ])
  func `vectors that make no sense are an error and not a pass`(text: String) async throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let bundle = Self.edited(try Self.bundle(), "tb/vectors.txt") { _ in text }
    let error = await #expect(throws: ToolError.self) {
      try await CxxSimulator().simulate(bundle, in: scratch.folder.folder("csim"))
    }
    guard case .reportUnreadable(_, let reason) = error?.code else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains("ended with 2: ERROR tb/vectors.txt"))
  }

  @Test func `sources that no compiler takes are an error with its words`() async throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let bundle = Self.edited(try Self.bundle(), "src/dpd.cpp") { $0 + "int broken = ;\n" }
    let error = await #expect(throws: ToolError.self) {
      try await CxxSimulator().simulate(bundle, in: scratch.folder.folder("csim"))
    }
    guard case .toolFailed(let failure) = error?.code else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(failure.lastLines.contains { $0.contains("broken") })
  }

  @Test func `a missing compiler is told before any work`() async throws {
    let error = await #expect(throws: ToolError.self) {
      try await CxxSimulator(
        ToolLocator(variables: ["PATH": "/nowhere"], startingFolders: [Folder("/nowhere")]))
    }
    #expect(error?.kind == .toolMissing)
  }

  @Test func `a program that does not end is ended`() async throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let bundle = Self.edited(try Self.bundle(), "tb/tb_dpd.cpp") {
      $0.replacing(
        "return pare_bench::run",
        with: "for (volatile int n = 0;; n = n + 1) {}\n  return pare_bench::run")
    }
    let error = await #expect(throws: ToolError.self) {
      try await CxxSimulator(runLimit: .milliseconds(200)).simulate(
        bundle, in: scratch.folder.folder("csim"))
    }
    guard case .timedOut = error?.code else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `vendor's headers that a variable names and that are not there are an error`() {
    let error = #expect(throws: ToolError.self) {
      try XilinxHeaders.find(ToolLocator(variables: ["PARE_AP_TYPES": "/nowhere"]))
    }
    #expect(error?.kind == .toolMissing)
    #expect(error?.message.contains("PARE_AP_TYPES=/nowhere") == true)
  }

  @Test func `vendor's headers are found in the private environment, with their version`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let packages = scratch.folder.folder("python/lib/python3.11/site-packages")
    let folder = packages.folder("hls4ml/templates/vivado/ap_types")
    try folder.create()
    try packages.folder("hls4ml-1.3.0.dist-info").create()
    try scratch.folder.write("", to: "stamp")
    let locator = ToolLocator(variables: ["PARE_TOOLS": scratch.folder.path])
    #expect(try XilinxHeaders.find(locator) == nil)
    for file in ["ap_fixed.h", "ap_int.h", "hls_stream.h"] { try folder.write("", to: file) }
    let headers = try #require(try XilinxHeaders.find(locator))
    #expect(headers.folder == folder && headers.version == "hls4ml 1.3.0")
  }
}
