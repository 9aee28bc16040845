/// Reads the array of a `.npy` file as a signal.
///
/// - Source: NumPy, `numpy.lib.format`, versions 1.0 to 3.0.
enum NumpyFile {
  /// What the header says about the samples after it.
  private struct Layout {
    let type: SampleType
    let count: Int
  }

  /// - Throws: ``SignalError`` with the reason. What is no array of samples is refused by its header, before the rest of the
  ///   file is read.
  static func signal(path: String) throws -> IQSignal {
    let stream = try ByteStream(path: path)
    var head = try stream.next(12)
    guard head.count == 12, head[0] == 0x93, head[1..<6].elementsEqual("NUMPY".utf8) else {
      throw bad(path, "not a .npy file (its first bytes are not \\x93NUMPY)")
    }
    guard (1...3).contains(head[6]) else { throw bad(path, ".npy version \(head[6]) is unknown") }
    let lengthBytes = head[6] == 1 ? 2 : 4
    let headerLength = (0..<lengthBytes).reduce(0) { $0 | Int(head[8 + $1]) << (8 * $1) }
    let start = 8 + lengthBytes
    let end = start + headerLength
    guard headerLength <= 1 << 16 else {
      throw bad(path, "a header of \(headerLength) bytes is not possible")
    }
    if end > head.count { head += try stream.next(end - head.count) }
    guard end <= head.count else { throw bad(path, "its header is cut off") }
    let layout = try layout(String(decoding: head[start..<end], as: UTF8.self), path: path)
    let bytes = try stream.contents(after: head, limit: Capture.largestFile)
    return try layout.type.signal(from: bytes, offset: end, count: layout.count, path: path)
  }

  private static func bad(_ path: String, _ reason: String) -> SignalError {
    SignalError(.badCapture(path: path, reason: reason))
  }

  private static func layout(_ header: String, path: String) throws(SignalError) -> Layout {
    guard let descriptor = value(of: "descr", in: header)?.quoted,
      let order = value(of: "fortran_order", in: header)?.word,
      let shape = value(of: "shape", in: header)?.tuple
    else { throw bad(path, "its header lacks descr, fortran_order or shape") }
    guard let (type, isComplex) = sampleType(descriptor) else {
      throw bad(
        path, "element type '\(descriptor)' is neither complex nor a supported real type")
    }
    if isComplex {
      guard shape.filter({ $0 != 1 }).count <= 1 else {
        throw bad(path, "a complex array of shape \(shape) is not one signal")
      }
      return Layout(type: type, count: shape.reduce(1, *))
    }
    guard shape.count == 2, shape[1] == 2 else {
      throw bad(path, "a real array must have shape [N, 2], not \(shape)")
    }
    guard order == "False" else {
      throw bad(path, "Fortran order is not supported: save in C order")
    }
    return Layout(type: type, count: shape[0])
  }

  private static func sampleType(_ descriptor: String) -> (type: SampleType, isComplex: Bool)? {
    guard let order = descriptor.first, "<>=|".contains(order) else { return nil }
    let big = order == ">"
    return switch descriptor.dropFirst() {
    case "c8": (SampleType(.float, bytes: 4, isBigEndian: big), true)
    case "c16": (SampleType(.float, bytes: 8, isBigEndian: big), true)
    case "f4": (SampleType(.float, bytes: 4, isBigEndian: big), false)
    case "f8": (SampleType(.float, bytes: 8, isBigEndian: big), false)
    case "i2": (SampleType(.signed, bytes: 2, isBigEndian: big), false)
    default: nil
    }
  }

  /// The text after a key of the Python dictionary in the header.
  private static func value(of key: String, in header: String) -> Substring? {
    for quote in ["'", "\""] {
      let parts = header.split(separator: "\(quote)\(key)\(quote)", maxSplits: 1)
      if parts.count == 2, let colon = parts[1].firstIndex(of: ":") {
        return parts[1][parts[1].index(after: colon)...].drop { $0 == " " }
      }
    }
    return nil
  }
}

extension Substring {
  /// The Python text literal at the start.
  fileprivate var quoted: String? {
    guard let quote = first, quote == "'" || quote == "\"" else { return nil }
    let rest = dropFirst()
    return rest.firstIndex(of: quote).map { String(rest[..<$0]) }
  }

  /// The letters at the start.
  fileprivate var word: String { String(prefix { $0.isLetter }) }

  /// The tuple of sizes at the start; nil when malformed or absurdly large.
  fileprivate var tuple: [Int]? {
    guard first == "(", let end = firstIndex(of: ")") else { return nil }
    var sizes: [Int] = []
    var total = 1
    for part in self[index(after: startIndex)..<end].split(separator: ",") {
      let digits = part.filter { $0 != " " && $0 != "L" }
      if digits.isEmpty { continue }
      guard let size = Int(digits), size >= 0 else { return nil }
      let (product, overflow) = total.multipliedReportingOverflow(by: Swift.max(size, 1))
      guard !overflow, product < 1 << 40 else { return nil }
      total = product
      sizes.append(size)
    }
    return sizes
  }
}
