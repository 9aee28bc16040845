public import PareText

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Proves statements about Verilog with the SAT solver that is built into Yosys.
///
/// A module is cut at its registers first: each becomes an input `NAME.q` and an output `NAME.d`, so that every statement is
/// about combinational logic and a proof holds for all time.
public struct YosysProver: Sendable {
  public let tool: Tool
  private let timeLimit: Duration
  private let runner = ProcessRunner()

  /// - Parameter timeLimit: of one run of Yosys, which proves many goals.
  /// - Throws: ``ToolError`` with code `toolMissing`.
  public init(_ locator: ToolLocator = ToolLocator(), timeLimit: Duration = .seconds(7200))
    async throws
  {
    tool = try await locator.find(.yosys)
    self.timeLimit = timeLimit
  }

  /// A module with its registers turned into ports.
  public struct Cut: Sendable {
    public struct Port: Sendable, Hashable {
      public let isInput: Bool
      /// Identities of the bits; equal ones are one net. `0`, `1`, `x` are constants.
      public let bits: [String]
    }
    public let ports: [String: Port]
    /// Bits of every named signal, lowest first.
    public let nets: [String: [String]]
  }

  /// How a goal ended.
  public struct Verdict: Sendable, Hashable {
    public enum Outcome: String, Sendable, Hashable, Codable { case proven, refuted, undecided }
    public let goal: String
    public let outcome: Outcome
    /// Values of signals, as signed integers in decimal, for which the goal does not hold.
    public let counterexample: [String: String]
  }

  /// Reads a design and cuts its top module; leaves `cut.il` in the folder.
  ///
  /// - Throws: ``ToolError`` when Yosys does not take the design.
  public func cut(_ bundle: SourceBundle, in folder: Folder) async throws -> Cut {
    try folder.create()
    try folder.write(bundle.design)
    let script =
      bundle.designVerilog.map { "read_verilog \($0)" } + [
        "hierarchy -check -top \(bundle.top)", "proc", "flatten", "memory_collect", "memory_map",
        "setattr -unset keep w:*", "expose -evert-dff", "write_json cut.json", "write_rtlil cut.il",
      ]
    try await run(script, in: folder, log: "cut.log")
    struct Design: Decodable {
      struct Module: Decodable {
        struct Port: Decodable {
          let direction: String
          let bits: [Bit]
        }
        struct Net: Decodable { let bits: [Bit] }
        let ports: [String: Port]
        let netnames: [String: Net]
      }
      struct Bit: Decodable {
        let text: String
        init(from decoder: any Decoder) throws {
          let value = try decoder.singleValueContainer()
          if let number = try? value.decode(Int.self) {
            text = "n\(number)"
          } else {
            text = try value.decode(String.self)
          }
        }
      }
      let modules: [String: Module]
    }
    let module: Design.Module
    do {
      let design = try JSONDecoder().decode(Design.self, from: try folder.read("cut.json"))
      guard let top = design.modules[bundle.top] else {
        throw ToolError(
          .reportUnreadable(path: folder.file("cut.json"), reason: "no module \(bundle.top)"))
      }
      module = top
    } catch let error as DecodingError {
      throw ToolError(
        .reportUnreadable(path: folder.file("cut.json"), reason: "not a netlist (\(error))"))
    }
    return Cut(
      ports: module.ports.mapValues {
        Cut.Port(isInput: $0.direction == "input", bits: $0.bits.map(\.text))
      }, nets: module.netnames.mapValues { $0.bits.map(\.text) })
  }

  /// Tries to prove that outputs of a module are 0 for all of its inputs.
  ///
  /// - Parameters:
  ///   - miter: Verilog of the module, which may instantiate what ``cut(_:in:)`` left in the folder.
  ///   - goals: the outputs.
  ///   - secondsPerGoal: after which a goal is left undecided.
  public func prove(
    _ miter: String, top: String, goals: [String], secondsPerGoal: Int, in folder: Folder
  ) async throws -> [Verdict] {
    try folder.write(miter, to: "\(top).v")
    let logs = folder.folder("goals")
    try logs.remove()
    try logs.create()
    let script =
      [
        "read_rtlil cut.il", "read_verilog \(top).v", "hierarchy -check -top \(top)", "proc",
        "flatten", "opt_expr -fine", "wreduce", "opt_expr -fine", "opt_clean",
      ]
      + goals.map {
        "tee -q -o goals/\($0).log sat -prove \($0) 0 -timeout \(secondsPerGoal) -show-inputs "
          + "w:\($0) %ci*"
      }
    try await run(script, in: folder, log: "\(top).log")
    return try goals.map { goal in
      let path = "goals/\(goal).log"
      let text = String(decoding: try folder.read(path), as: UTF8.self)
      if text.contains("SAT proof finished - no model found: SUCCESS!") {
        return Verdict(goal: goal, outcome: .proven, counterexample: [:])
      }
      if text.contains("SAT proof finished - model found: FAIL!") {
        return Verdict(goal: goal, outcome: .refuted, counterexample: Self.model(in: text))
      }
      guard text.contains("TIMEOUT") else {
        throw ToolError(
          .reportUnreadable(path: folder.file(path), reason: "the proof ended without a verdict"))
      }
      return Verdict(goal: goal, outcome: .undecided, counterexample: [:])
    }
  }

  /// Reads the table of values: name, decimal, hexadecimal, binary.
  static func model(in text: String) -> [String: String] {
    var values: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 4, words[0].hasPrefix("\\"), let bits = words.last,
        bits.allSatisfy({ $0 == "0" || $0 == "1" })
      else { continue }
      let name = String(words[0].dropFirst())
      // Words of signals are two's complement; a single bit is a flag.
      var value: Int64 = bits.count > 1 && bits.first == "1" ? -1 : 0
      for bit in bits.suffix(64) { value = value << 1 | (bit == "1" ? 1 : 0) }
      values[name] = "\(value)"
    }
    return values
  }

  private func run(_ script: [String], in folder: Folder, log: String) async throws {
    let file = log.replacing(".log", with: ".ys")
    try folder.write(script.joined(separator: "\n") + "\n", to: file)
    let arguments =
      tool.isPythonModule
      ? ["-c", "from pyosys import libyosys as y; y.run_pass('script \(file)')"] : ["-s", file]
    _ = try await runner.runChecked(
      tool.run(arguments, in: folder, log: log, timeLimit: timeLimit))
  }
}
