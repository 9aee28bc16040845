import Foundation
import PareFixed
import PareNetwork
import RandomNetworks
import Testing

/// The script of the repository that was written from `docs/model-format.md` alone, against the integer model and the
/// definition in floating point.
@Suite struct ScriptTests {
  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "PipelineTests/Fixtures/run_model.py").path

  @Test(arguments: [5, 11, 14, 17, 23] as [UInt64])
  func `a script written from the format's page gives the same outputs`(seed: UInt64) throws {
    let architecture = try Architecture.random(seed: seed)
    let network = sampleNetwork(
      seed: seed, architecture, QuantizationScheme.random(seed: seed, for: architecture))
    let fixed = try network.fixed(to: .uniform(for: architecture))
    let input = noise(seed: seed, count: 80, amplitude: 0.8)
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "pare-script-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = ModelFile(generator: "test", network: network, fixed: fixed)
    try Data(model.json.utf8).write(to: folder.appending(path: "model.json"))
    try Data(
      ("I,Q\n" + zip(input[0], input[1]).map { "\($0),\($1)\n" }.joined()).utf8
    ).write(to: folder.appending(path: "x.csv"))
    #expect(try run(in: folder, "--fixed") == fixed(input))
    // The decimals of the file stand for 32-bit floats, which 64-bit ones read with a fault of 2^-24.
    for (a, b) in zip(try run(in: folder).joined(), directOutput(of: network, input).joined()) {
      #expect(abs(a - b) < 1e-5)
    }
  }

  /// The outputs that the script writes, `[channel][time]`.
  private func run(in folder: URL, _ flags: String...) throws -> [[Double]] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", Self.script, "model.json", "x.csv", "y.csv"] + flags
    process.currentDirectoryURL = folder
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let text = String(
      decoding: try Data(contentsOf: folder.appending(path: "y.csv")), as: UTF8.self)
    let rows = text.split(whereSeparator: \.isNewline).dropFirst().map { line in
      line.split(separator: ",").map { Double($0) ?? .nan }
    }
    return (0..<2).map { channel in rows.map { $0[channel] } }
  }
}
