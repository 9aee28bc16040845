public import PareNetwork

/// Normalized mean square errors of the three splits, in dB.
public struct SplitNMSE: Hashable, Sendable, Codable {
  public let training: Double
  public let validation: Double
  public let test: Double

  public init(training: Double, validation: Double, test: Double) {
    self.training = training
    self.validation = validation
    self.test = test
  }
}

/// One look at the validation set.
public struct LearningPoint: Hashable, Sendable, Codable {
  public let stage: TrainingStage
  /// Steps done, counted from the first step of the network's dense training.
  public let step: Int
  public let learningRate: Double
  /// Mean over the steps since the last point, in dB.
  public let trainingNMSE: Double
  /// In dB.
  public let validationNMSE: Double
}

/// How far a long call has come.
public struct TrainingProgress: Hashable, Sendable {
  public let stage: TrainingStage
  /// Optimizer steps done and to do in this call.
  public let step: Int
  public let steps: Int
  /// Live weights.
  public let nonZeroCount: Int
  public let latest: LearningPoint
}

/// What training, pruning and quantizing return: something with scores on the three splits.
public protocol TrainingOutcome: Sendable {
  var nmse: SplitNMSE { get }
}

/// A float network with the story of its training.
public struct TrainedNetwork: TrainingOutcome, Hashable, Codable {
  public let network: Network
  public let nmse: SplitNMSE
  public let curve: [LearningPoint]
  public let seed: UInt64
  /// Optimizer steps from random weights to here.
  public let steps: Int

  public init(
    network: Network, nmse: SplitNMSE, curve: [LearningPoint], seed: UInt64, steps: Int
  ) {
    self.network = network
    self.nmse = nmse
    self.curve = curve
    self.seed = seed
    self.steps = steps
  }
}

/// A quantized network with the story of its training.
public struct TrainedQuantizedNetwork: TrainingOutcome, Hashable {
  public let network: QuantizedNetwork
  public let nmse: SplitNMSE
  public let curve: [LearningPoint]
  public let seed: UInt64
  /// Optimizer steps from random weights to here.
  public let steps: Int
  /// The scores that the caller gave; nil if it gave none.
  public let externalNMSE: SplitNMSE?

  public init(
    network: QuantizedNetwork, nmse: SplitNMSE, curve: [LearningPoint], seed: UInt64, steps: Int,
    externalNMSE: SplitNMSE? = nil
  ) {
    self.network = network
    self.nmse = nmse
    self.curve = curve
    self.seed = seed
    self.steps = steps
    self.externalNMSE = externalNMSE
  }
}
