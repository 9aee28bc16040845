import PareDatapath
import PareNumerics
import PareText

/// A self-checking testbench: the fixed driver, a top that connects it to the design, and the vector files.
struct VerilogTestbench {
  private let pipeline: PipelinedDatapath
  private let name: String
  private let vectorFiles: VectorFiles

  /// - Throws: ``RTLError`` when the vectors do not fit the graph.
  init(_ pipeline: PipelinedDatapath, name: String, vectors: TestVectors) throws(RTLError) {
    self.pipeline = pipeline
    self.name = name
    vectorFiles = try VectorFiles(pipeline, vectors)
  }

  func files() -> [SourceFile] {
    [
      SourceFile(
        path: "pare_driver.v",
        text: String(decoding: PackageResources.pare_driver_v, as: UTF8.self)),
      SourceFile(path: "tb_\(name).v", text: top()),
    ] + vectorFiles.files()
  }

  private func top() -> String {
    let datapath = pipeline.datapath
    let lane = vectorFiles.lane
    let outputs = datapath.outputs.map(\.name)
    let characters = outputs.map(\.count).max()!
    let names = outputs.map { $0 + String(repeating: " ", count: characters - $0.count) }
    var out = SourceWriter()
    out.comment("tb_\(name).v: checks \(name) against expected.hex")
    out.line("module tb_\(name);")
    out.indented { out in
      out.line("wire clk, rst, in_valid, out_valid;")
      out.line("wire [\(datapath.inputs.count * lane - 1):0] in_bus;")
      for (index, output) in outputs.enumerated() {
        let format = vectorFiles.outputFormats[index]
        let sign = format.isSigned ? "signed " : ""
        out.line("wire \(sign)[\(format.wordLength - 1):0] port_\(output);")
        out.line("wire \(sign)[\(lane - 1):0] lane_\(output) = port_\(output);")
      }
      out.line()
      out.line("\(name) dut (")
      out.indented { out in
        out.line(".clk(clk), .rst(rst), .in_valid(in_valid), .out_valid(out_valid),")
        let inputs = datapath.inputs.enumerated().map { index, input in
          ".\(input)(in_bus[\(index * lane) +: \(vectorFiles.inputFormats[index].wordLength)])"
        }
        let ports = inputs + outputs.map { ".\($0)(port_\($0))" }
        for (index, port) in ports.enumerated() {
          out.line(port + (index == ports.count - 1 ? "" : ","))
        }
      }
      out.line(");")
      out.line()
      out.line("pare_driver #(")
      out.indented { out in
        out.line(".INPUTS(\(datapath.inputs.count)), .OUTPUTS(\(outputs.count)), .LANE(\(lane)),")
        out.line(
          ".SAMPLES(\(vectorFiles.vectors.count)), .SEGMENTS(\(vectorFiles.vectors.segments.count)),"
        )
        out.line(".FLUSH(\(pipeline.flushCount)), .NAME_CHARS(\(characters)),")
        out.line(".NAMES(\"\(names.joined())\")")
      }
      out.line(") driver (")
      out.indented { out in
        out.line(".clk(clk), .rst(rst), .in_valid(in_valid), .in_bus(in_bus),")
        let lanes = outputs.reversed().map { "lane_\($0)" }.joined(separator: ", ")
        out.line(".out_valid(out_valid), .out_bus({\(lanes)})")
      }
      out.line(");")
    }
    out.line("endmodule")
    return out.finish()
  }
}
