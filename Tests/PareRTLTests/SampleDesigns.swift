import PareDatapath
import PareNumerics
import PareRTL
import RandomDatapaths

/// Graphs that between them use every op, in the ways that generators treat apart.
enum SampleDesigns {
  static let everyOp = """
    datapath 1
    inputs x0, x1
    %0: <8,4> [-128, 127] = input 0
    %1: u<6,2> [0, 63] = input 1
    %2: <4,4> [-5, -5] = constant -5
    %3: <4,4> [-5, 0] = delay %2, 3
    %4: <15,7> [-8064, 8001] = multiply %0, %1
    %5: <8,4> [0, 127] = relu %0
    %6: <8,4> [-4, 7] = clamp %0, -4, 7
    %7: <6,4> [-32, 31] = requantize %4, convergent, saturate
    %8: u<3,1> [0, 7] = requantize %4, nearest, wrap
    %9: <8,4> [-99, 99] = lookup %0 >> 4, [1, 50, 99]
    %10: <11,7> [-611, 612] = add %0 << 2, -%9, -%3
    output y0 = %10
    output y1 = %7
    output y2 = %8
    output y3 = %5
    output y4 = %6
    output y5 = %3

    """

  /// What the integer interpreter makes of corner words and noise, in segments of many lengths.
  static func vectors(
    for datapath: Datapath, count: Int = 160, seed: UInt64 = 1, lengths: [Int]? = nil
  ) throws -> TestVectors {
    let lengths = lengths ?? [1, 2, 5, 31]
    let noise = RandomDatapath.stimulus(
      for: datapath, count: lengths.reduce(count, +), seed: seed)
    var start = 0
    var segments: [Range<Int>] = []
    for length in lengths + [count] where length > 0 {
      segments.append(start..<(start + length))
      start += length
    }
    return TestVectors(
      inputs: noise, outputs: try datapath.run(noise, segments: segments), segments: segments)
  }
}
