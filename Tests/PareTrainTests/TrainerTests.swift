import PareNetwork
import PareNumerics
import PareText
import Synchronization
import Testing

@testable import PareTrain

@Suite struct `Dense training` {
  let trainer = Trainer(Tasks.recipe, seed: 7)

  @Test func `straightens a bent signal`() async throws {
    let architecture = try Architecture(hiddenChannels: [8], kernelSize: 5, activation: .tanh)
    var recipe = Tasks.recipe
    recipe.steps = 2_000
    recipe.validationInterval = 500
    let trained = try await Trainer(recipe, seed: 7).train(architecture, on: Tasks.splits)
    let test = Tasks.splits.test
    let before = try nmse(ofOutput: test.input, on: test, for: architecture)
    #expect(trained.nmse.test < before - 8, "\(before) dB before, now \(trained.nmse)")
    #expect(trained.steps == 2_000 && trained.curve.map(\.step) == [500, 1_000, 1_500, 2_000])
    #expect(trained.nmse == (try SplitNMSE(of: trained.network, on: Tasks.splits)))
  }

  @Test func `keeps the best look at the validation set`() async throws {
    let trained = try await trainer.train(Tasks.small, on: Tasks.splits)
    let best = trained.curve.map(\.validationNMSE).min()!
    // The curve's decibels refer to the power of all targets, edges included: up to 0.1 dB on 1,000 samples.
    #expect(abs(trained.nmse.validation - best) < 0.1)
  }

  @Test func `the same seed gives the same bits, another seed others`() async throws {
    let first = try await trainer.train(Tasks.small, on: Tasks.splits)
    let again = try await trainer.train(Tasks.small, on: Tasks.splits)
    let other = try await Trainer(Tasks.recipe, seed: 8).train(Tasks.small, on: Tasks.splits)
    #expect(first == again)
    #expect(first.network != other.network)
  }

  @Test func `the best of seeds is the same however many run at once`() async throws {
    var recipe = Tasks.recipe
    recipe.steps = 60
    recipe.seedCount = 4
    let trainer = Trainer(recipe, seed: 20)
    let serial = try await trainer.trainBest(Tasks.small, on: Tasks.splits, jobs: 1)
    let parallel = try await trainer.trainBest(Tasks.small, on: Tasks.splits, jobs: 3)
    #expect(serial.best == parallel.best && serial.bestSeed == parallel.bestSeed)
    #expect(serial.scores.map(\.seed) == [20, 21, 22, 23])
    #expect(serial.scores.map(\.nmse) == parallel.scores.map(\.nmse))
    #expect(serial.best.nmse.validation == serial.scores.map(\.nmse.validation).min())
    #expect(serial.spread > 0)
  }

  @Test func `a rate far too high is an error that names step and rate`() async throws {
    var recipe = Tasks.recipe
    recipe.learningRate = LearningRate(peak: 100, final: 100)
    let error = await #expect(throws: TrainingError.self) {
      _ = try await Trainer(recipe, seed: 1).train(Tasks.small, on: Tasks.splits)
    }
    guard case .diverged(stage: .train, let step, learningRate: 100) = error?.code else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(step < 400)
    #expect(error?.kind == .failed)
  }

  @Test func `a cancelled task stops at its next step`() async throws {
    var recipe = Tasks.recipe
    recipe.steps = 100_000_000
    recipe.validationInterval = 10
    let endless = Trainer(recipe, seed: 1)
    let task = Mutex<Task<TrainedNetwork, any Error>?>(nil)
    let steps = Mutex(0)
    let running = Task {
      try await endless.train(Tasks.small, on: Tasks.splits) { progress in
        steps.withLock { $0 = progress.step }
        if progress.step >= 50 { task.withLock { $0?.cancel() } }
      }
    }
    task.withLock { $0 = running }
    await #expect(throws: CancellationError.self) { try await running.value }
    #expect(steps.withLock { $0 } >= 50)
  }

  @Test func `progress counts up to what was planned`() async throws {
    let seen = Mutex<[TrainingProgress]>([])
    _ = try await trainer.train(Tasks.small, on: Tasks.splits) { progress in
      seen.withLock { $0.append(progress) }
    }
    let list = seen.withLock { $0 }
    #expect(list.map(\.step) == [100, 200, 300, 400])
    #expect(list.allSatisfy { $0.steps == 400 && $0.stage == .train && $0.nonZeroCount == 48 })
  }

  @Test(arguments: [1, 2, 3])
  func `going on from any checkpoint ends in the same bits`(look: Int) async throws {
    let whole = try await trainer.train(Tasks.small, on: Tasks.splits)
    let checkpoints = Mutex<[TrainingCheckpoint]>([])
    let watched = try await trainer.train(
      Tasks.small, on: Tasks.splits,
      onCheckpoint: { point in checkpoints.withLock { $0.append(point) } })
    #expect(watched == whole)
    let written = JSONText.encode(checkpoints.withLock { $0[look - 1] })
    let read = try JSONText.decode(TrainingCheckpoint.self, from: written, file: "checkpoint")
    #expect(read.step == look * 100)
    let resumed = try await trainer.train(Tasks.small, on: Tasks.splits, from: read)
    #expect(resumed == whole)
  }

  @Test func `a checkpoint of another training is refused`() async throws {
    let checkpoint = Mutex<TrainingCheckpoint?>(nil)
    _ = try await trainer.train(
      Tasks.small, on: Tasks.splits, onCheckpoint: { point in checkpoint.withLock { $0 = point } })
    let other = Trainer(Tasks.recipe, seed: 8)
    let error = await #expect(throws: TrainingError.self) {
      try await other.train(
        Tasks.small, on: Tasks.splits, from: checkpoint.withLock { $0 })
    }
    #expect(error?.code == .checkpoint)
  }

  @Test func `a trained network comes back from JSON with the same bits, a damaged one not at all`()
    async throws
  {
    let trained = try await trainer.train(Tasks.small, on: Tasks.splits)
    let text = JSONText.encode(trained)
    #expect(try JSONText.decode(TrainedNetwork.self, from: text, file: "t") == trained)
    let damaged = text.replacing("\"hasBiases\" : true", with: "\"hasBiases\" : false")
    #expect(damaged != text)
    #expect(throws: NetworkError.self) {
      try JSONText.decode(TrainedNetwork.self, from: damaged, file: "t")
    }
  }
}
