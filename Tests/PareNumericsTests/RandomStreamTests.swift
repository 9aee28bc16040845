import PareNumerics
import Testing

@Suite struct RandomStreamTests {
  @Test func `gives the published SplitMix64 sequence`() {
    // First outputs for seed 1234567, as listed with the reference C program (Vigna, splitmix64.c).
    var stream = RandomStream(seed: 1_234_567)
    #expect(stream.next() == 6_457_827_717_110_365_317)
    #expect(stream.next() == 3_203_168_211_198_807_973)
    #expect(stream.next() == 9_817_491_932_198_370_423)
  }

  @Test func `forks by label and leaves the parent alone`() {
    var parent = RandomStream(seed: 3)
    let untouched = parent
    var first = parent.fork("init")
    var again = parent.fork("init")
    var other = parent.fork("frames")
    #expect(parent == untouched)
    let value = first.next()
    #expect(value == again.next())
    #expect(value != other.next())
    #expect(value != parent.next())
  }

  @Test func `uniform, index and normal have the moments they promise`() {
    var stream = RandomStream(seed: 11)
    let count = 200_000
    var uniform = 0.0
    var normal = (sum: 0.0, squares: 0.0)
    var histogram = Array(repeating: 0, count: 7)
    for _ in 0..<count {
      uniform += stream.uniform()
      let value = stream.normal()
      normal.sum += value
      normal.squares += value * value
      histogram[stream.index(below: 7)] += 1
    }
    // Five standard errors of each estimate.
    #expect(abs(uniform / Double(count) - 0.5) < 5 * 0.2887 / Double(count).squareRoot())
    #expect(abs(normal.sum / Double(count)) < 5 / Double(count).squareRoot())
    #expect(abs(normal.squares / Double(count) - 1) < 5 * 1.35 / Double(count).squareRoot())
    for bin in histogram {
      #expect(abs(Double(bin) - Double(count) / 7) < 5 * (Double(count) * 6 / 49).squareRoot())
    }
  }

  @Test func `hashes are stable and separate fields`() {
    var first = StableHash()
    first.combine("ab")
    first.combine("c")
    var second = StableHash()
    second.combine("a")
    second.combine("bc")
    #expect(first.hex != second.hex)
    #expect(first.hex.count == 16)
    // FNV-1a of "a" is 0xaf63dc4c8601ec8c (published test vector); mixed by SplitMix64's finalizer.
    var vector = StableHash()
    vector.combine(bytes: "a".utf8)
    var z: UInt64 = 0xAF63_DC4C_8601_EC8C
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    #expect(vector.value == z ^ (z >> 31))
  }
}
