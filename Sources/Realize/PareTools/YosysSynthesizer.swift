public import PareText

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Synthesizes with Yosys, out of context: no pins, no clock buffers, one flat module.
public struct YosysSynthesizer: Synthesizer {
  public let tool: Tool
  private let timeLimit: Duration
  private let runner = ProcessRunner()

  /// - Throws: ``ToolError`` with code `toolMissing`.
  public init(_ locator: ToolLocator = ToolLocator(), timeLimit: Duration = .seconds(3600))
    async throws
  {
    tool = try await locator.find(.yosys)
    self.timeLimit = timeLimit
  }

  public func synthesize(
    _ bundle: SourceBundle, for target: SynthesisTarget, in folder: Folder,
    onProgress: ToolProgressHandler? = nil
  ) async throws -> SynthesisResult {
    onProgress?(
      ToolProgress(
        stage: "synthesis for \(target.family.rawValue)", detail: "yosys \(tool.version)"))
    return try await folder.replace { work in
      try work.write(bundle.design)
      let script =
        bundle.designVerilog.map { "read_verilog\(target.macros) \($0)" } + [
          target.command(top: bundle.top),
          "tee -q -o stat.json stat -json",
          "write_json netlist.json",
        ]
      let run = try await runner.runChecked(try command(script, in: work, log: "yosys.log"))
      let byType = try cellsByType(work, file: "stat.json")
      let counts =
        switch target.family {
        case .xcup, .xc7:
          CellCounts(
            xilinx: byType,
            netlist: try Netlist(module: bundle.top, contentsOf: work.file("netlist.json")),
            hasCarry8: target.family == .xcup)
        case .ecp5: CellCounts(ecp5: byType)
        }
      let unknown = counts.unknown.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      return SynthesisResult(
        schemaVersion: 1, target: target, top: bundle.top, counts: counts, tool: tool.name,
        toolVersion: tool.version,
        warnings: (tool.warning.map { [$0] } ?? [])
          + (unknown.isEmpty ? [] : ["cells of unknown type: " + unknown.joined(separator: ", ")]),
        seconds: run.seconds, netlist: folder.file("netlist.json"), log: folder.file("yosys.log"))
    }
  }

  /// A run of a list of Yosys commands; the list becomes a file that a person can run again.
  func command(_ script: [String], in work: Folder, log: String) throws -> ToolCommand {
    let file = log.split(separator: ".").dropLast().joined(separator: ".") + ".ys"
    try work.write(script.joined(separator: "\n") + "\n", to: file)
    let arguments =
      tool.isPythonModule
      ? ["-c", "from pyosys import libyosys as y; y.run_pass('script \(file)')"] : ["-s", file]
    return tool.run(arguments, in: work, log: log, timeLimit: timeLimit)
  }

  private func cellsByType(_ work: Folder, file: String) throws -> [String: Int] {
    struct Statistics: Decodable {
      struct Design: Decodable {
        let cells: [String: Int]?
        enum CodingKeys: String, CodingKey { case cells = "num_cells_by_type" }
      }
      let design: Design
    }
    do {
      let design = try JSONDecoder().decode(Statistics.self, from: try work.read(file)).design
      return design.cells ?? [:]
    } catch let error as DecodingError {
      throw ToolError(
        .reportUnreadable(path: work.file(file), reason: "not a Yosys statistic (\(error))"))
    }
  }
}

extension SynthesisTarget {
  /// What generated Verilog looks at to name cells of the family.
  fileprivate var macros: String {
    switch family {
    case .xcup: " -DPARE_XILINX"
    case .xc7: " -DPARE_XILINX -DPARE_CARRY4"
    case .ecp5: ""
    }
  }

  fileprivate func command(top: String) -> String {
    let dsp = usesDSP ? "" : " -nodsp"
    return switch family {
    case .xcup, .xc7:
      "synth_xilinx -family \(family.rawValue) -flatten -noiopad -noclkbuf\(dsp) -top \(top)"
    case .ecp5: "synth_ecp5\(dsp) -top \(top)"
    }
  }
}
