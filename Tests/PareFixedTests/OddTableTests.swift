import Foundation
import PareNumerics
import Testing

@testable import PareFixed

@Suite struct OddTableTests {
  @Test(arguments: [6, 8, 10, 12])
  func `tanh is within half a step plus half a unit everywhere`(bits: Int) {
    let result = Requantizer(to: .paper)
    let table = OddTable.tanh(bits: bits, argumentFractionBits: 14, result: result)
    #expect(table.values.count == 1 << bits)
    let step = powerOfTwo(table.shift - 14)
    for raw in stride(from: Int64(-200_000), through: 200_000, by: 37) {
      let exact = tanh(Double(raw) * powerOfTwo(-14))
      let error = abs(Double(table(raw)) * result.format.resolution - exact)
      // One more argument unit because -x and ~x differ by one.
      #expect(error <= step / 2 + result.format.resolution / 2 + powerOfTwo(-14))
    }
  }

  @Test func `is odd about minus one half unit`() {
    let table = OddTable.tanh(bits: 8, argumentFractionBits: 12, result: Requantizer(to: .paper))
    for raw in Int64(-40_000)...40_000 { #expect(table(~raw) == -table(raw)) }
  }

  @Test func `covers the axis until tanh is one to the last place`() {
    let table = OddTable.tanh(bits: 10, argumentFractionBits: 20, result: Requantizer(to: .paper))
    let last = Double(table.values.last!) * WordFormat.paper.resolution
    #expect(1 - last <= WordFormat.paper.resolution)
    #expect(table(Int64(1) << 40) == table.values.last!)
    #expect(table(-(Int64(1) << 40)) == -table.values.last!)
  }
}
