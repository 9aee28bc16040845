#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Arrays of single-precision numbers by name, as `numpy.savez` and `savez_compressed` write them.
///
/// - Source: APPNOTE.TXT of PKWARE (ZIP), sections 4.3 and 4.4; NumPy, `numpy.lib.format`, version 1.
public struct NumpyArchive: Sendable {
  /// One array in C order.
  public struct Values: Hashable, Sendable {
    public let shape: [Int]
    public let values: [Float]
  }

  public let path: String
  private let members: [(name: String, array: Values)]

  /// Names in the order of the archive.
  public var names: [String] { members.map(\.name) }

  /// - Throws: ``PredistortionError``.
  public init(contentsOf path: String) throws(PredistortionError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path))
    } catch {
      throw PredistortionError(.unreadable(path: path, reason: "no such file, or not permitted"))
    }
    try self.init(Array(data), path: path)
  }

  /// - Parameter path: for messages.
  init(_ bytes: [UInt8], path: String) throws(PredistortionError) {
    self.path = path
    func bad(_ reason: String) -> PredistortionError {
      PredistortionError(.badArchive(path: path, reason: reason))
    }
    func number(_ at: Int, _ size: Int) throws(PredistortionError) -> Int {
      guard at >= 0, at + size <= bytes.count else { throw bad("it is cut off") }
      return (0..<size).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
    }
    // The end record is found from the back; a comment of up to 64 KiB may follow it.
    var end = bytes.count - 22
    while end >= max(0, bytes.count - 22 - 65535), try number(end, 4) != 0x0605_4B50 { end -= 1 }
    guard end >= 0, try number(end, 4) == 0x0605_4B50 else { throw bad("no end record") }
    let count = try number(end + 10, 2)
    var at = try number(end + 16, 4)
    var members: [(String, Values)] = []
    for _ in 0..<count {
      guard try number(at, 4) == 0x0201_4B50 else { throw bad("directory at byte \(at)") }
      let method = try number(at + 10, 2)
      let packed = try number(at + 20, 4)
      let size = try number(at + 24, 4)
      let nameLength = try number(at + 28, 2)
      let extra = try number(at + 30, 2) + number(at + 32, 2)
      let header = try number(at + 42, 4)
      guard at + 46 + nameLength <= bytes.count else { throw bad("it is cut off") }
      var name = String(decoding: bytes[at + 46..<at + 46 + nameLength], as: UTF8.self)
      let start = try header + 30 + number(header + 26, 2) + number(header + 28, 2)
      guard start + packed <= bytes.count, size <= 1 << 30 else {
        throw bad("'\(name)' is cut off")
      }
      let body = bytes[start..<start + packed]
      let content: [UInt8]
      switch method {
      case 0: content = Array(body)
      case 8:
        do {
          content = try Inflate.bytes(of: body, size: size)
        } catch {
          throw bad("'\(name)' cannot be decompressed (\(error))")
        }
      default: throw bad("'\(name)' uses compression method \(method)")
      }
      guard try Checksum.crc32(of: content) == number(at + 16, 4) else {
        throw bad("'\(name)' differs from its checksum")
      }
      if name.hasSuffix(".npy") { name.removeLast(4) }
      guard let array = Self.array(content) else {
        throw bad("'\(name)' is not an array of little-endian float32 in C order")
      }
      members.append((name, array))
      at += 46 + nameLength + extra
    }
    self.members = members
  }

  /// - Throws: ``PredistortionError`` when there is no such array, or `shape` (-1 for any size) differs.
  public func array(_ name: String, shape: [Int]) throws(PredistortionError) -> Values {
    guard let found = members.first(where: { $0.name == name })?.array else {
      throw PredistortionError(.missingArray(path: path, name: name, found: names))
    }
    guard found.shape.count == shape.count,
      zip(found.shape, shape).allSatisfy({ $1 < 0 || $0 == $1 })
    else {
      throw PredistortionError(
        .badShape(path: path, name: name, shape: found.shape, expected: "\(shape)"))
    }
    return found
  }

  private static func array(_ bytes: [UInt8]) -> Values? {
    guard bytes.count >= 10, bytes[0] == 0x93, bytes[1..<6].elementsEqual("NUMPY".utf8) else {
      return nil
    }
    guard bytes[6] == 1 else { return nil }
    let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
    guard start <= bytes.count else { return nil }
    let header = String(decoding: bytes[10..<start], as: UTF8.self)
    guard header.contains("'descr': '<f4'"), header.contains("'fortran_order': False"),
      let open = header.firstIndex(of: "("), let close = header.firstIndex(of: ")"), open < close
    else { return nil }
    let sizes = header[header.index(after: open)..<close].split(separator: ",")
      .map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    let shape = sizes.compactMap { Int($0) }
    guard shape.count == sizes.count, shape.allSatisfy({ $0 >= 0 && $0 < 1 << 32 }) else {
      return nil
    }
    let count = shape.reduce(1, *)
    guard bytes.count == start + 4 * count else { return nil }
    let values = (0..<count).map { n in
      let pattern = (0..<4).reduce(UInt32(0)) {
        $0 | UInt32(bytes[start + 4 * n + $1]) << (8 * UInt32($1))
      }
      return Float(bitPattern: pattern)
    }
    return Values(shape: shape, values: values)
  }
}
