/// Builds indented text line by line; what every code generator of Pare writes with.
///
///     var out = SourceWriter()
///     out.line("module m(input clk);")
///     out.indented { $0.line("reg q;", comment: "state") }
///     out.line("endmodule")
public struct SourceWriter: Sendable {
  public private(set) var text = ""
  private let indentation: String
  private let commentPrefix: String
  private var depth = 0
  /// Lines with a trailing comment that wait to be aligned with their neighbours.
  private var pending: [(code: String, comment: String)] = []

  public init(indentation: String = "  ", commentPrefix: String = "//") {
    self.indentation = indentation
    self.commentPrefix = commentPrefix
  }

  /// Appends one line; trailing comments of consecutive lines share a column.
  public mutating func line(_ code: String = "", comment: String? = nil) {
    let indented = code.isEmpty ? "" : String(repeating: indentation, count: depth) + code
    if let comment {
      pending.append((indented, comment))
    } else {
      flush()
      text += indented + "\n"
    }
  }

  /// Appends several lines, each at the current depth.
  public mutating func lines(_ block: String) {
    for piece in block.split(separator: "\n", omittingEmptySubsequences: false) {
      line(String(piece))
    }
  }

  public mutating func comment(_ words: String) {
    line("\(commentPrefix) \(words)")
  }

  public mutating func indented(_ body: (inout SourceWriter) throws -> Void) rethrows {
    flush()
    depth += 1
    try body(&self)
    flush()
    depth -= 1
  }

  /// The text so far; call when done.
  public mutating func finish() -> String {
    flush()
    return text
  }

  private mutating func flush() {
    let column = min(64, pending.map(\.code.count).max() ?? 0)
    for (code, comment) in pending {
      let padding = String(repeating: " ", count: max(0, column - code.count) + 2)
      text += "\(code)\(padding)\(commentPrefix) \(comment)\n"
    }
    pending.removeAll()
  }
}
