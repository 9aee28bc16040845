/// How one real number is stored in a binary capture.
struct SampleType: Hashable, Sendable {
  enum Kind: Hashable, Sendable { case float, signed, unsigned }

  let kind: Kind
  /// 1, 2, 4 or 8.
  let byteCount: Int
  let isBigEndian: Bool

  init(_ kind: Kind, bytes: Int, isBigEndian: Bool = false) {
    self.kind = kind
    byteCount = bytes
    self.isBigEndian = isBigEndian
  }

  /// Integers become fractions of full scale; unsigned ones are centered first.
  func value(at offset: Int, in bytes: [UInt8]) -> Double {
    var word: UInt64 = 0
    for index in 0..<byteCount {
      let place = isBigEndian ? offset + index : offset + byteCount - 1 - index
      word = word << 8 | UInt64(bytes[place])
    }
    let halfScale = Double(UInt64(1) << UInt64(8 * byteCount - 1))
    switch kind {
    case .float:
      return byteCount == 4
        ? Double(Float(bitPattern: UInt32(word))) : Double(bitPattern: word)
    case .signed:
      let unused = UInt64(64 - 8 * byteCount)
      return Double(Int64(bitPattern: word << unused) >> Int64(unused)) / halfScale
    case .unsigned:
      return (Double(word) - halfScale) / halfScale
    }
  }

  /// Interleaved I and Q from `offset` on.
  ///
  /// - Throws: ``SignalError`` for a value that is not finite, a torn last sample, or no sample at all.
  func signal(
    from bytes: [UInt8], offset: Int, count: Int? = nil, path: String
  ) throws -> IQSignal {
    let pairBytes = 2 * byteCount
    let available = bytes.count - offset
    if let count {
      guard available >= count * pairBytes else {
        throw SignalError(
          .badCapture(
            path: path, reason: "ends after \(available / pairBytes) of \(count) samples"))
      }
    } else if available % pairBytes != 0 {
      throw SignalError(
        .badCapture(
          path: path,
          reason: "its \(available) bytes of samples are no multiple of \(pairBytes), one I/Q pair")
      )
    }
    let count = count ?? available / pairBytes
    guard count > 0 else { throw SignalError(.noSamples(path: path)) }
    var i = [Double](repeating: 0, count: count)
    var q = i
    for n in 0..<count {
      if n & 0xFFFF == 0 { try Task.checkCancellation() }
      i[n] = value(at: offset + n * pairBytes, in: bytes)
      q[n] = value(at: offset + n * pairBytes + byteCount, in: bytes)
      guard i[n].isFinite, q[n].isFinite else {
        throw SignalError(.badCapture(path: path, reason: "sample \(n) is not finite"))
      }
    }
    return IQSignal(i: i, q: q)
  }
}
