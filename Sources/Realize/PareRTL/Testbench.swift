import PareDatapath
import PareNumerics
import PareText

/// A self-checking testbench: the fixed driver, a top that connects it to the design, and the vector files.
struct Testbench {
  private let pipeline: PipelinedDatapath
  private let name: String
  private let vectors: TestVectors
  private let inputFormats: [WordFormat]
  private let outputFormats: [WordFormat]

  init(_ pipeline: PipelinedDatapath, name: String, vectors: TestVectors) throws(RTLError) {
    self.pipeline = pipeline
    self.name = name
    self.vectors = vectors
    inputFormats = pipeline.datapath.inputFormats
    outputFormats = pipeline.datapath.outputFormats
    try checkVectors()
  }

  private func checkVectors() throws(RTLError) {
    let datapath = pipeline.datapath
    func demand(_ condition: Bool, _ reason: @autoclosure () -> String) throws(RTLError) {
      if !condition { throw RTLError(.badVectors(reason())) }
    }
    try demand(vectors.count > 0, "a testbench needs at least one sample of at least one input")
    for (kind, ports, channels, formats) in [
      ("input", datapath.inputs, vectors.inputs, inputFormats),
      ("output", datapath.outputs.map(\.name), vectors.outputs, outputFormats),
    ] {
      try demand(
        channels.count == ports.count, "\(channels.count) \(kind) vectors for \(ports.count) ports")
      for (port, (channel, format)) in zip(ports, zip(channels, formats)) {
        try demand(
          channel.count == vectors.count,
          "\(kind) \(port) has \(channel.count) samples where there are \(vectors.count)")
        if let sample = channel.firstIndex(where: { !format.range.contains($0) }) {
          try demand(
            false, "sample \(sample) of \(kind) \(port) is \(channel[sample]), outside \(format)")
        }
      }
    }
    var next = 0
    for segment in vectors.segments {
      try demand(segment.lowerBound == next, "segment \(segment) does not begin at \(next)")
      next = segment.upperBound
    }
    try demand(next == vectors.count, "segments end at \(next), samples at \(vectors.count)")
  }

  func files() -> [SourceFile] {
    [
      SourceFile(
        path: "pare_driver.v",
        text: String(decoding: PackageResources.pare_driver_v, as: UTF8.self)),
      SourceFile(path: "tb_\(name).v", text: top()),
      SourceFile(path: "stimulus.hex", text: lines(vectors.inputs)),
      SourceFile(path: "expected.hex", text: lines(vectors.outputs)),
      SourceFile(
        path: "segments.hex",
        text: vectors.segments.map { String($0.count, radix: 16) + "\n" }.joined()),
    ]
  }

  /// Bits per port in the files: a multiple of 4 that holds every port as a signed number.
  static func lane(_ inputFormats: [WordFormat], _ outputFormats: [WordFormat]) -> Int {
    let bits = (inputFormats + outputFormats).map { $0.wordLength + ($0.isSigned ? 0 : 1) }
    return (bits.max()! + 3) / 4 * 4
  }

  private var lane: Int { Self.lane(inputFormats, outputFormats) }

  private func lines(_ channels: [[Int64]]) -> String {
    let digits = lane / 4
    let hex = Array("0123456789abcdef".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(vectors.count * (channels.count * digits + 1))
    for sample in 0..<vectors.count {
      for channel in channels.reversed() {
        let word = UInt64(bitPattern: channel[sample])
        for digit in (0..<digits).reversed() {
          bytes.append(hex[Int((word >> UInt64(4 * digit)) & 15)])
        }
      }
      bytes.append(UInt8(ascii: "\n"))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func top() -> String {
    let datapath = pipeline.datapath
    let lane = lane
    let outputs = datapath.outputs.map(\.name)
    let characters = outputs.map(\.count).max()!
    let names = outputs.map { $0 + String(repeating: " ", count: characters - $0.count) }
    var out = SourceWriter()
    out.comment("tb_\(name).v: checks \(name) against expected.hex")
    out.line("`timescale 1ns / 1ps")
    out.line("module tb_\(name);")
    out.indented { out in
      out.line("wire clk, rst, in_valid, out_valid;")
      out.line("wire [\(datapath.inputs.count * lane - 1):0] in_bus;")
      for (index, output) in outputs.enumerated() {
        let format = outputFormats[index]
        let sign = format.isSigned ? "signed " : ""
        out.line("wire \(sign)[\(format.wordLength - 1):0] port_\(output);")
        out.line("wire \(sign)[\(lane - 1):0] lane_\(output) = port_\(output);")
      }
      out.line()
      out.line("\(name) dut (")
      out.indented { out in
        out.line(".clk(clk), .rst(rst), .in_valid(in_valid), .out_valid(out_valid),")
        let inputs = datapath.inputs.enumerated().map { index, input in
          ".\(input)(in_bus[\(index * lane) +: \(inputFormats[index].wordLength)])"
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
        out.line(".SAMPLES(\(vectors.count)), .SEGMENTS(\(vectors.segments.count)),")
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
