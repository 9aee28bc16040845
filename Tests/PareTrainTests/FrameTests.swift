import PareNetwork
import PareNumerics
import Testing

@testable import PareTrain

@Suite struct `Frames` {
  /// One segment too short for the receptive field of 5, one shorter than a frame, one long.
  static let segments = [0..<3, 3..<23, 23..<223]

  func signal() throws -> TrainingSignal {
    try TrainingSignal(
      Tasks.set(223, seed: 1, segments: Self.segments), for: Tasks.small, named: "training")
  }

  @Test func `inputs of a frame never leave its segment`() throws {
    let signal = try signal()
    var random = RandomStream(seed: 2)
    for _ in 0..<2_000 {
      let frame = signal.randomFrame(ofLength: 32, from: &random)
      // Receptive field 5, look-ahead 1: three samples of past, one of future.
      let needed = frame.start - 3..<frame.start + frame.count + 1
      #expect(Self.segments.contains { $0.contains(needed) })
      #expect(frame.count == 32 || needed == 3..<23)
    }
  }

  @Test func `random frames reach every usable output`() throws {
    let signal = try signal()
    var random = RandomStream(seed: 2)
    var seen = Set<Int>()
    for _ in 0..<2_000 {
      let frame = signal.randomFrame(ofLength: 32, from: &random)
      seen.formUnion(frame.start..<frame.start + frame.count)
    }
    #expect(seen == Set(6..<22).union(26..<222))
  }

  @Test func `all frames cover every usable output once`() throws {
    let covered = try signal().allFrames(ofLength: 32).flatMap { $0.start..<$0.start + $0.count }
    #expect(covered == Array(6..<22) + Array(26..<222))
  }

  @Test func `data that cannot be used is refused, naming the split`() throws {
    let short = Tasks.set(8, seed: 1, segments: [0..<4, 4..<8])
    let silent = SampleSet(
      input: Tasks.set(50, seed: 1).input,
      target: Array(repeating: Array(repeating: 0, count: 50), count: 2))
    let wide = SampleSet(input: [[1, 2], [3, 4], [5, 6]], target: [[1, 2], [3, 4]])
    for set in [short, silent, wide] {
      let error = #expect(throws: TrainingError.self) {
        try TrainingSignal(set, for: Tasks.small, named: "validation")
      }
      #expect(error?.code == .data && error?.message.contains("validation") == true)
    }
  }
}
