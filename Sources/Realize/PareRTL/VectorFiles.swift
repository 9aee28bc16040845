import PareDatapath
import PareNumerics
import PareText

/// The files that a testbench reads: what is fed, what is expected, and where the segments end.
struct VectorFiles {
  let pipeline: PipelinedDatapath
  let vectors: TestVectors
  let inputFormats: [WordFormat]
  let outputFormats: [WordFormat]

  /// - Throws: ``RTLError`` when the vectors do not fit the graph.
  init(_ pipeline: PipelinedDatapath, _ vectors: TestVectors) throws(RTLError) {
    self.pipeline = pipeline
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
      SourceFile(path: "stimulus.hex", text: lines(vectors.inputs)),
      SourceFile(path: "expected.hex", text: lines(vectors.outputs)),
      SourceFile(
        path: Self.segments,
        text: vectors.segments.map { String($0.count, radix: 16) + "\n" }.joined()),
    ]
  }

  /// Name of the file of the segments' lengths, in hexadecimal.
  static let segments = "segments.hex"

  /// Bits per port in the files: a multiple of 4 that holds every port as a signed number.
  static func lane(_ inputFormats: [WordFormat], _ outputFormats: [WordFormat]) -> Int {
    let bits = (inputFormats + outputFormats).map { $0.wordLength + ($0.isSigned ? 0 : 1) }
    return (bits.max()! + 3) / 4 * 4
  }

  var lane: Int { Self.lane(inputFormats, outputFormats) }

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
}
