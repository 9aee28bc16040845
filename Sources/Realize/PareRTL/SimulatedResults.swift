public import PareDatapath
import PareNumerics

extension PipelinedDatapath {
  /// Name of the file into which the testbench writes every result that it saw.
  public static let resultsFile = "actual.hex"

  /// The results that a simulated design gave, from the text of ``resultsFile``.
  ///
  /// - Returns: raw integers `[output][sample]`, in the order of the test vectors.
  /// - Throws: ``RTLError`` when the text is not one line per sample, or a bit is unknown.
  public func simulatedResults(parsing text: String) throws(RTLError) -> [[Int64]] {
    let formats = datapath.outputFormats
    let lane = VectorFiles.lane(datapath.inputFormats, formats)
    let digits = lane / 4
    var results = Array(repeating: [Int64](), count: formats.count)
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let bytes = Array(line)
      guard bytes.count == digits * formats.count else {
        throw RTLError(.badVectors("line '\(String(decoding: bytes, as: UTF8.self))' of results"))
      }
      for port in formats.indices {
        // The first port stands last.
        let start = (formats.count - 1 - port) * digits
        guard
          let raw = UInt64(
            String(decoding: bytes[start..<(start + digits)], as: UTF8.self), radix: 16)
        else {
          throw RTLError(.badVectors("sample \(results[0].count) of the results has unknown bits"))
        }
        let unused = UInt64(64 - lane)
        results[port].append(Int64(bitPattern: raw << unused) >> Int64(unused))
      }
    }
    return results
  }
}

extension Datapath {
  /// Formats of the input channels, in their order.
  var inputFormats: [WordFormat] {
    var formats = Array(repeating: WordFormat.paper, count: inputs.count)
    for node in nodes {
      if case .input(let channel) = node.op { formats[channel] = node.format }
    }
    return formats
  }

  /// Formats of the outputs, in their order.
  var outputFormats: [WordFormat] { outputs.map { self[$0.wire].format } }
}
