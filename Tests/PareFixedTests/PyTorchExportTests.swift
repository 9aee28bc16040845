import Foundation
import PareFixed
import PareNetwork
import Testing

/// Networks that `Examples/pytorch/export.py` wrote, with inputs and PyTorch's own outputs (PyTorch 2.15).
@Suite struct `Networks from PyTorch` {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/pytorch")

  private func text(_ name: String, _ file: String) throws -> String {
    String(
      decoding: try Data(contentsOf: Self.folder.appending(path: "\(name)/\(file)")), as: UTF8.self)
  }

  /// `[channel][time]`.
  private func signal(_ name: String, _ file: String) throws -> [[Float]] {
    let rows = try text(name, file).split(separator: "\n").dropFirst().map { line in
      line.split(separator: ",").map { Float($0)! }
    }
    return [rows.map { $0[0] }, rows.map { $0[1] }]
  }

  @Test(arguments: ["relu", "tanh-branch", "leaky"])
  func `give PyTorch's outputs`(name: String) throws {
    let model = try ModelFile(json: text(name, "model.json"), file: "model.json")
    let input = try signal(name, "input.csv")
    let expected = try signal(name, "output.csv")
    #expect(input[0].count == 60)
    let floats = model.network.network(input)
    let integers = model.fixed(input)
    for channel in 0..<2 {
      for time in 0..<60 {
        // Sums of at most 43 products of order one, added in another order: a few units in the last place.
        #expect(abs(floats[channel][time] - expected[channel][time]) < 2e-6)
        // <16,6> has steps of 2^-10; input, weights, activations and output each round, and gains are of order one.
        #expect(abs(integers[channel][time] - Double(expected[channel][time])) < 16 * 0x1p-10)
      }
    }
    #expect(model.network.scheme.isNone && model.network.mask.count == model.network.nonZeroCount)
    // Written by Pare it is a whole file.
    let again = try ModelFile(json: model.json, file: "again.json")
    #expect(again == model)
  }

  @Test func `have the parts that PyTorch gave them`() throws {
    let model = try ModelFile(json: text("tanh-branch", "model.json"), file: "model.json")
    let architecture = model.network.architecture
    #expect(architecture.name == "k5-c3x4-n3-tanh-d1x2x3-fir7")
    #expect(architecture.lookAhead == 4 && architecture.branch?.lookAhead == 5)
    #expect(model.generator.hasPrefix("PyTorch 2"))
  }
}
