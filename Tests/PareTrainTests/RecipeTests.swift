#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import PareTrain
import Testing

@Suite struct `Training recipes` {
  @Test(arguments: [TrainingRecipe.standard, .quick, .sweep])
  func `survive JSON and are valid`(recipe: TrainingRecipe) throws {
    try recipe.validate()
    let text = try JSONEncoder().encode(recipe)
    #expect(try JSONDecoder().decode(TrainingRecipe.self, from: text) == recipe)
  }

  @Test func `absent keys have their defaults`() throws {
    let text = #"{"steps": 7, "pruning": {"method": "magnitude"}}"#
    let recipe = try JSONDecoder().decode(TrainingRecipe.self, from: Data(text.utf8))
    var expected = TrainingRecipe()
    expected.steps = 7
    expected.pruning.method = .magnitude
    #expect(recipe == expected)
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let knob: String
    let spoil: @Sendable (inout TrainingRecipe) -> Void
    var testDescription: String { knob }
  }

  static let faults = [
    Fault(knob: "steps") { $0.steps = 0 },
    Fault(knob: "frameLength") { $0.frameLength = -1 },
    Fault(knob: "beta2") { $0.beta2 = 1 },
    Fault(knob: "epsilon") { $0.epsilon = .nan },
    Fault(knob: "seedCount") { $0.seedCount = 0 },
    Fault(knob: "learningRate.peak") { $0.learningRate.peak = .infinity },
    Fault(knob: "learningRate.final") { $0.learningRate.final = 0.5 },
    Fault(knob: "pruning.dropFraction") { $0.pruning.dropFraction = 0 },
    Fault(knob: "quantization.stages") { $0.quantization.stages = 0 },
    Fault(knob: "large.weights") { $0.large.weights = 0 },
    Fault(knob: "large.pruning.swaps") { $0.large.pruning.swaps = -1 },
    Fault(knob: "large.quantization.sweepSamples") { $0.large.quantization.sweepSamples = 0 },
    Fault(knob: "quantization.learningRate.warmUpSteps") {
      $0.quantization.learningRate.warmUpSteps = -1
    },
  ]

  @Test(arguments: faults)
  func `a bad knob is named`(fault: Fault) {
    var recipe = TrainingRecipe()
    fault.spoil(&recipe)
    let error = #expect(throws: TrainingError.self) { try recipe.validate() }
    #expect(error?.code == .recipe(fault.knob))
    #expect(error?.message.contains(fault.knob) == true)
  }

  @Test func `the learning rate warms up, then follows half a cosine`() {
    let schedule = LearningRate(peak: 0.02, final: 0.001, warmUpSteps: 10)
    #expect(schedule.rate(at: 0, of: 111) == 0.002)
    #expect(schedule.rate(at: 9, of: 111) == 0.02)
    for step in 10..<111 {
      let turn = Double(step - 10) / 100
      let expected = 0.001 + 0.019 * (1 + cosineOf(turn * .pi)) / 2
      #expect(abs(schedule.rate(at: step, of: 111) - expected) < 1e-15)
    }
    #expect(LearningRate(peak: 1, final: 0).rate(at: 0, of: 1) == 1)
  }
}
