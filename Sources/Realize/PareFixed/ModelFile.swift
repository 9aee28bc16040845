public import PareNetwork
import PareText

/// A network on disk, complete enough that another language can run it: `docs/model-format.md` is the specification.
public struct ModelFile: Hashable, Sendable {
  /// The version of the schema that this code writes, and the only one that it reads.
  public static let schemaVersion = 2

  /// What the network was trained for.
  public struct Task: Hashable, Sendable, Codable {
    /// Name of the data set, such as `opendpd/APA_200MHz`.
    public var dataset: String
    /// Stable hash of the samples, sixteen hexadecimal digits.
    public var datasetHash: String
    /// `inverse`: from the amplifier's output to its input (a predistorter). `forward`: a model of the amplifier.
    public var direction: String
    /// The complex gain that the amplifier's output was divided by.
    public var gainI: Double
    public var gainQ: Double
    public var sampleRateHz: Double
    public var bandwidthHz: Double

    public init(
      dataset: String, datasetHash: String, direction: String, gainI: Double, gainQ: Double,
      sampleRateHz: Double, bandwidthHz: Double
    ) {
      self.dataset = dataset
      self.datasetHash = datasetHash
      self.direction = direction
      self.gainI = gainI
      self.gainQ = gainQ
      self.sampleRateHz = sampleRateHz
      self.bandwidthHz = bandwidthHz
    }
  }

  /// How the network came about, and what it scored; pooled NMSE in dB over each split.
  public struct Training: Hashable, Sendable, Codable {
    /// What one seed of several reached.
    public struct Seed: Hashable, Sendable, Codable {
      public var seed: UInt64
      public var validationNMSEdB: Double
      public var testNMSEdB: Double
      public var fixedValidationNMSEdB: Double
      public var fixedTestNMSEdB: Double

      public init(
        seed: UInt64, validationNMSEdB: Double, testNMSEdB: Double, fixedValidationNMSEdB: Double,
        fixedTestNMSEdB: Double
      ) {
        self.seed = seed
        self.validationNMSEdB = validationNMSEdB
        self.testNMSEdB = testNMSEdB
        self.fixedValidationNMSEdB = fixedValidationNMSEdB
        self.fixedTestNMSEdB = fixedTestNMSEdB
      }
    }

    public var seed: UInt64
    public var steps: Int
    /// Fraction of the weights that the pruning was asked to remove.
    public var sparsity: Double
    public var trainingNMSEdB: Double?
    public var validationNMSEdB: Double
    public var testNMSEdB: Double
    /// Of the same network in integers.
    public var fixedValidationNMSEdB: Double?
    public var fixedTestNMSEdB: Double?
    /// All seeds that competed, in the order tried: how far they spread.
    public var seeds: [Seed]?

    public init(
      seed: UInt64, steps: Int, sparsity: Double, trainingNMSEdB: Double? = nil,
      validationNMSEdB: Double, testNMSEdB: Double, fixedValidationNMSEdB: Double? = nil,
      fixedTestNMSEdB: Double? = nil, seeds: [Seed]? = nil
    ) {
      self.seed = seed
      self.steps = steps
      self.sparsity = sparsity
      self.trainingNMSEdB = trainingNMSEdB
      self.validationNMSEdB = validationNMSEdB
      self.testNMSEdB = testNMSEdB
      self.fixedValidationNMSEdB = fixedValidationNMSEdB
      self.fixedTestNMSEdB = fixedTestNMSEdB
      self.seeds = seeds
    }
  }

  /// Program and version that wrote the file.
  public var generator: String
  public var task: Task?
  public var training: Training?
  public var network: QuantizedNetwork
  public var fixed: FixedNetwork

  /// - Precondition: both networks have one architecture.
  public init(
    generator: String, task: Task? = nil, training: Training? = nil, network: QuantizedNetwork,
    fixed: FixedNetwork
  ) {
    precondition(network.architecture == fixed.architecture, "two architectures in one model")
    self.generator = generator
    self.task = task
    self.training = training
    self.network = network
    self.fixed = fixed
  }

  /// The text of the file; equal models give equal bytes.
  public var json: String { JSONText.encode(ModelDocument(self)) }

  /// Reads and checks a file's text.
  ///
  /// - Parameter file: the name to blame in an error.
  /// - Throws: ``JSONTextError``, ``FixedError`` or ``NetworkError`` naming the file and the member at fault.
  public init(json text: String, file: String) throws {
    do {
      self = try JSONText.decode(ModelDocument.self, from: text, file: file).model()
    } catch let error as FixedError {
      throw FixedError(error.code, "\(file): \(error.message)", hint: error.hint)
    } catch let error as NetworkError {
      throw NetworkError(error.code, "\(file): \(error.message)", hint: error.hint)
    }
  }
}
