/// Undoes the DEFLATE compression of one archive member.
///
/// - Source: RFC 1951.
struct Inflate {
  enum Failure: Error {
    case truncated
    case malformed(String)
  }

  private let input: ArraySlice<UInt8>
  private var position: Int
  private var bits: UInt32 = 0
  private var bitCount = 0
  private var output: [UInt8] = []
  private let limit: Int

  /// - Parameter size: bytes expected; more is malformed.
  static func bytes(of input: ArraySlice<UInt8>, size: Int) throws -> [UInt8] {
    var state = Inflate(input, size: size)
    try state.run()
    guard state.output.count == size else {
      throw Failure.malformed("\(state.output.count) bytes instead of \(size)")
    }
    return state.output
  }

  private init(_ input: ArraySlice<UInt8>, size: Int) {
    self.input = input
    position = input.startIndex
    limit = size
    output.reserveCapacity(size)
  }

  private mutating func run() throws {
    var isLast = false
    while !isLast {
      isLast = try take(1) == 1
      switch try take(2) {
      case 0: try stored()
      case 1: try block(Self.fixedLiterals, Self.fixedDistances)
      case 2:
        let (literals, distances) = try tables()
        try block(literals, distances)
      default: throw Failure.malformed("block type 3")
      }
    }
  }

  private mutating func take(_ count: Int) throws -> Int {
    while bitCount < count {
      guard position < input.endIndex else { throw Failure.truncated }
      bits |= UInt32(input[position]) << UInt32(bitCount)
      position += 1
      bitCount += 8
    }
    let value = bits & ((1 << UInt32(count)) - 1)
    bits >>= UInt32(count)
    bitCount -= count
    return Int(value)
  }

  private mutating func stored() throws {
    bits = 0
    bitCount = 0
    guard position + 4 <= input.endIndex else { throw Failure.truncated }
    let count = Int(input[position]) | Int(input[position + 1]) << 8
    let check = Int(input[position + 2]) | Int(input[position + 3]) << 8
    guard count == check ^ 0xFFFF else { throw Failure.malformed("length of a stored block") }
    position += 4
    guard position + count <= input.endIndex else { throw Failure.truncated }
    guard output.count + count <= limit else { throw Failure.malformed("too long") }
    output += input[position..<position + count]
    position += count
  }

  /// A canonical Huffman code: how many codes of each length, and the symbols in order.
  private struct Code {
    var counts = [Int](repeating: 0, count: 16)
    var symbols: [Int] = []

    init(lengths: [Int]) {
      for length in lengths { counts[length] += 1 }
      counts[0] = 0
      for length in 1..<16 {
        for (symbol, own) in lengths.enumerated() where own == length { symbols.append(symbol) }
      }
    }
  }

  private mutating func symbol(_ code: Code) throws -> Int {
    var value = 0
    var first = 0
    var index = 0
    for length in 1..<16 {
      value |= try take(1)
      let count = code.counts[length]
      if value - first < count { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    throw Failure.malformed("code word")
  }

  private mutating func block(_ literals: Code, _ distances: Code) throws {
    while true {
      let next = try symbol(literals)
      if next < 256 {
        guard output.count < limit else { throw Failure.malformed("too long") }
        output.append(UInt8(next))
      } else if next == 256 {
        return
      } else {
        guard next - 257 < Self.lengthBase.count else { throw Failure.malformed("length code") }
        let length = Self.lengthBase[next - 257] + (try take(Self.lengthBits[next - 257]))
        let code = try symbol(distances)
        guard code < Self.distanceBase.count else { throw Failure.malformed("distance code") }
        let distance = Self.distanceBase[code] + (try take(Self.distanceBits[code]))
        guard distance <= output.count else { throw Failure.malformed("distance \(distance)") }
        guard output.count + length <= limit else { throw Failure.malformed("too long") }
        for _ in 0..<length { output.append(output[output.count - distance]) }
      }
    }
  }

  private mutating func tables() throws -> (Code, Code) {
    let literalCount = try take(5) + 257
    let distanceCount = try take(5) + 1
    let orderCount = try take(4) + 4
    var orderLengths = [Int](repeating: 0, count: 19)
    for place in Self.order.prefix(orderCount) { orderLengths[place] = try take(3) }
    let code = Code(lengths: orderLengths)
    var lengths: [Int] = []
    while lengths.count < literalCount + distanceCount {
      switch try symbol(code) {
      case 16:
        guard let last = lengths.last else { throw Failure.malformed("repeat of nothing") }
        lengths += Array(repeating: last, count: try take(2) + 3)
      case 17: lengths += Array(repeating: 0, count: try take(3) + 3)
      case 18: lengths += Array(repeating: 0, count: try take(7) + 11)
      case let length: lengths.append(length)
      }
    }
    guard lengths.count == literalCount + distanceCount else {
      throw Failure.malformed("code lengths")
    }
    return (
      Code(lengths: Array(lengths[..<literalCount])), Code(lengths: Array(lengths[literalCount...]))
    )
  }

  private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  private static let lengthBase = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBase = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]
  private static let distanceBits = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
  ]
  private static let fixedLiterals = Code(
    lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  private static let fixedDistances = Code(lengths: Array(repeating: 5, count: 30))
}
