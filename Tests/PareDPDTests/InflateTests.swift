import Testing

@testable import PareDPD

@Suite struct InflateTests {
  /// `zlib.compressobj(9, zlib.DEFLATED, -15)` of Python 3.11 on `b"abcabcabcabc, pare pare pare"`.
  @Test func `reads what zlib wrote`() throws {
    let packed: [UInt8] = [
      0x4b, 0x4c, 0x4a, 0x4e, 0x84, 0x21, 0x1d, 0x85, 0x82, 0xc4, 0xa2, 0x54, 0x04, 0x01, 0x00,
    ]
    let text = Array("abcabcabcabc, pare pare pare".utf8)
    #expect(try Inflate.bytes(of: packed[...], size: text.count) == text)
  }

  @Test func `refuses a stream that ends early or gives another size`() {
    let packed: [UInt8] = [0x4b, 0x4c, 0x4a]
    #expect(throws: Inflate.Failure.self) { try Inflate.bytes(of: packed[...], size: 28) }
    #expect(throws: Inflate.Failure.self) { try Inflate.bytes(of: [3, 0], size: 1) }
  }

  @Test func `takes stored blocks`() throws {
    let stored: [UInt8] = [1, 3, 0, 0xFC, 0xFF, 7, 8, 9]
    #expect(try Inflate.bytes(of: stored[...], size: 3) == [7, 8, 9])
  }
}
