/// Reads named columns of numbers from a comma-separated file, in one pass and without holding its text.
///
/// The first line names the columns, in any order and letter case; more columns than asked for are passed over. Lines
/// may end in CR LF, fields may be surrounded by spaces, and empty lines are ignored.
struct CSVReader {
  /// A line longer than this is no table of samples.
  static let longestLine = 1 << 16

  private let path: String
  private let wanted: [String]
  private let parse = DecimalParser()
  private var header: [String] = []
  /// For each column of the file the index into `wanted`, or nil.
  private var targets: [Int?] = []
  private var line = 0
  private var columns: [[Double]]

  private init(path: String, wanted: [String]) {
    self.path = path
    self.wanted = wanted
    columns = Array(repeating: [], count: wanted.count)
  }

  /// The values of the named columns, from top to bottom.
  ///
  /// - Throws: ``SignalError`` with file, line and reason; `CancellationError` when the task is cancelled.
  static func columns(_ names: [String], of path: String) throws -> [[Double]] {
    var reader = CSVReader(path: path, wanted: names)
    try reader.run()
    guard !reader.columns[0].isEmpty else { throw SignalError(.noSamples(path: path)) }
    return reader.columns
  }

  private mutating func run() throws {
    let stream = try ByteStream(path: path)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var filled = 0
    var isFirst = true
    while true {
      try Task.checkCancellation()
      let got = try stream.read(into: &buffer, from: filled)
      filled += got
      let used = try consume(buffer.span.extracting(0..<filled), atEnd: got == 0)
      if got == 0 { break }
      if isFirst { reserve(fileSize: stream.size, bytesSeen: used) }
      isFirst = false
      // What is left is the start of a line; it moves to the front.
      for index in used..<filled { buffer[index - used] = buffer[index] }
      filled -= used
    }
  }

  /// Makes room for the rows to come, judged by the length of those that came.
  private mutating func reserve(fileSize: Int, bytesSeen: Int) {
    guard columns[0].count > 0 else { return }
    let expected = Double(fileSize) / Double(bytesSeen) * Double(columns[0].count)
    for column in columns.indices { columns[column].reserveCapacity(Int(expected * 1.01) + 16) }
  }

  /// Reads all whole lines, and returns how many bytes they take.
  private mutating func consume(_ bytes: Span<UInt8>, atEnd: Bool) throws(SignalError) -> Int {
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      guard end - start <= Self.longestLine else {
        throw SignalError(.lineTooLong(path: path, line: line + 1, limit: Self.longestLine))
      }
      if end == bytes.count, !atEnd { return start }
      line += 1
      if line == 1 {
        try readHeader(bytes, start..<end)
      } else {
        try readRow(bytes, start..<end)
      }
      start = end + 1
    }
    return min(start, bytes.count)
  }

  private mutating func readHeader(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SignalError) {
    var range = range
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]  // a byte-order mark, as spreadsheets write
    if range.count >= 3, (0..<3).allSatisfy({ bytes[range.lowerBound + $0] == mark[$0] }) {
      range = range.lowerBound + 3..<range.upperBound
    }
    var start = range.lowerBound
    for index in range.lowerBound...range.upperBound
    where index == range.upperBound || bytes[index] == UInt8(ascii: ",") {
      header.append(printable(bytes, trimmed(bytes, start..<index)))
      start = index + 1
    }
    let lowercased = header.map { $0.lowercased() }
    targets = Array(repeating: nil, count: header.count)
    for (target, name) in wanted.enumerated() {
      let places = lowercased.indices.filter { lowercased[$0] == name.lowercased() }
      guard let place = places.first else {
        throw SignalError(
          .missingColumn(path: path, column: name, found: header.prefix(8).map { $0 }))
      }
      guard places.count == 1 else {
        throw SignalError(.repeatedColumn(path: path, column: name))
      }
      targets[place] = target
    }
  }

  private mutating func readRow(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SignalError) {
    // An empty line has one empty field; it is no row.
    if trimmed(bytes, range).isEmpty { return }
    var field = 0
    var start = range.lowerBound
    for index in range.lowerBound...range.upperBound
    where index == range.upperBound || bytes[index] == UInt8(ascii: ",") {
      if field < targets.count, let target = targets[field] {
        let text = trimmed(bytes, start..<index)
        guard let value = parse(bytes, text) else {
          throw SignalError(
            .notANumber(
              path: path, line: line, column: header[field], text: printable(bytes, text)))
        }
        guard value.isFinite else {
          throw SignalError(
            .notFinite(path: path, line: line, column: header[field], text: printable(bytes, text)))
        }
        columns[target].append(value)
      }
      field += 1
      start = index + 1
    }
    guard field == header.count else {
      throw SignalError(.fieldCount(path: path, line: line, expected: header.count, found: field))
    }
  }

  /// The range without blanks at its ends; a carriage return counts as one.
  private func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    var (lower, upper) = (range.lowerBound, range.upperBound)
    while lower < upper, isBlank(bytes[lower]) { lower += 1 }
    while lower < upper, isBlank(bytes[upper - 1]) { upper -= 1 }
    return lower..<upper
  }

  /// At most 24 characters of a field, safe to print.
  private func printable(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    var text = ""
    for index in range.prefix(24) {
      let byte = bytes[index]
      text.append((0x20..<0x7F).contains(byte) ? Character(UnicodeScalar(byte)) : "?")
    }
    return range.count > 24 ? text + "..." : text
  }
}
