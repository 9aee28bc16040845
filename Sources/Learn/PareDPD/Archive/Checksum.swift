/// The checksum that members of a ZIP archive carry.
///
/// - Source: APPNOTE.TXT of PKWARE, section 4.4.7: reflected polynomial 0xEDB88320, all ones before and after.
enum Checksum {
  static func crc32(of bytes: [UInt8]) -> Int {
    var state = UInt32.max
    for byte in bytes {
      state = state >> 8 ^ table[Int(UInt8(truncatingIfNeeded: state) ^ byte)]
    }
    return Int(state ^ .max)
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
    }
  }
}
