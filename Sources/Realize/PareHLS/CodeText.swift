import PareText

extension SourceWriter {
  /// A `#pragma HLS`, which stands at the margin wherever it is.
  mutating func pragma(_ words: String) {
    line("#pragma HLS \(words)")
  }

  /// A function; its parameters stand below each other where one line would be too long.
  mutating func function(
    _ head: String, _ parameters: [String], _ body: (inout SourceWriter) -> Void
  ) {
    let line = "\(head)(\(parameters.joined(separator: ", ")))"
    let longestLine = 98
    guard line.count > longestLine else { return block(line, body) }
    let margin = String(repeating: " ", count: head.count + 1)
    block("\(head)(\(parameters.joined(separator: ",\n" + margin)))", body)
  }

  /// A block in braces.
  mutating func block(_ head: String, _ body: (inout SourceWriter) -> Void) {
    line(head + " {")
    indented(body)
    line("}")
  }
}

extension SourceFile {
  /// The comment at the head of a generated file.
  static func opening(_ name: String, _ does: String, header: String) -> String {
    let lines = header.split(separator: "\n", omittingEmptySubsequences: true)
    return (["// \(name): \(does)"] + lines.map { "// \($0)" }).joined(separator: "\n") + "\n"
  }
}

/// A real number as C++ and its readers write it; exact, since all of them are multiples of powers of two.
func decimal(_ value: Double) -> String { "\(value)" }

/// `in[1][n - 2]`, the sample of a channel some samples ago.
func sample(_ channel: Int, _ delay: Int) -> String {
  "in[\(channel)][n\(delay == 0 ? "" : " - \(delay)")]"
}

/// The shortest standard integer that holds these.
func integerType(_ values: [Int64]) -> String {
  let bits = values.map { 65 - max($0, ~$0).leadingZeroBitCount }.max() ?? 1
  return "std::int\(bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64)_t"
}

/// ` << 3`, ` >> 2`, or nothing.
func shift(by exponent: Int) -> String {
  exponent == 0 ? "" : exponent > 0 ? " << \(exponent)" : " >> \(-exponent)"
}
