import PareNetwork
import PareNumerics
import Testing

@testable import PareTrain

@Suite struct `Normalized mean square error` {
  let architecture = try! Architecture(hiddenChannels: [], kernelSize: 3, lookAhead: 1)

  @Test func `is pooled over channels and segments, padded edges left out`() throws {
    let target: [[Float]] = [[9, 1, 2, 9, 9, 3, 4, 9], [9, 5, 6, 9, 9, 7, 8, 9]]
    let set = SampleSet(input: target, target: target, segments: [0..<4, 4..<8])
    var output = target
    // Receptive field 3, look-ahead 1: the first and the last sample of a segment do not count.
    for edge in [0, 3, 4, 7] { output[0][edge] = 1_000 }
    output[0][1] += 1
    output[1][6] -= 2
    // 1 + 4 over 1 + 4 + 9 + 16 + 25 + 36 + 49 + 64 = 204.
    let expected = -16.1066  // 10 log10(5 / 204)
    #expect(abs(try nmse(ofOutput: output, on: set, for: architecture) - expected) < 1e-4)
  }

  @Test func `of no error at all is a number`() throws {
    let target: [[Float]] = [[1, 2, 3, 4], [5, 6, 7, 8]]
    let set = SampleSet(input: target, target: target)
    #expect(try nmse(ofOutput: target, on: set, for: architecture) == -400)
  }

  @Test func `agrees with the error that training sees`() throws {
    let set = Tasks.set(700, seed: 4, segments: [0..<300, 300..<700])
    let network = Network(randomized: Tasks.small, from: RandomStream(seed: 9))
    let signal = try TrainingSignal(set, for: Tasks.small, named: "test")
    let engine = TrainingEngine(Tasks.small, frameLength: 50)
    engine.load(network)
    let seen = engine.relativeError(on: signal, signal.allFrames(ofLength: 50))
    // Training divides by the power of all targets, the report by that of the outputs that count.
    var power = 0.0
    var count = 0
    for range in signal.usable {
      for channel in set.target {
        power += channel[range].reduce(0.0) { $0 + Double($1) * Double($1) }
        count += range.count
      }
    }
    let pooled = seen * signal.targetPower / (power / Double(count))
    #expect(abs(try nmse(of: network, on: set) - decibels(pooled)) < 1e-4)
  }

  @Test func `refuses what it cannot compare`() throws {
    let set = Tasks.set(20, seed: 1)
    let short = Tasks.set(2, seed: 1)
    #expect(throws: TrainingError.self) {
      try nmse(ofOutput: [set.input[0]], on: set, for: architecture)
    }
    #expect(throws: TrainingError.self) {
      try nmse(ofOutput: short.input, on: short, for: architecture)
    }
  }
}
