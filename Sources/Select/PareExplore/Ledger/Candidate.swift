public import PareSignal

/// What came of one design point: a row of the ledger.
public struct Candidate: Hashable, Sendable {
  /// Of the point and all that decides its result: ``PointKey``.
  public let key: String
  /// The point's short name, or that of a model which was made elsewhere.
  public let name: String
  public let point: DesignPoint
  public let dataset: String
  public let datasetHash: String
  public let task: LearningTask
  /// Of the recipe, which the ledger keeps once for all points that share it.
  public let recipeHash: String
  /// Every seed that was tried, in that order.
  public let seeds: [SeedScore]
  /// The seed whose model is kept: best in integers on the validation split. Nil when all failed.
  public let bestSeed: UInt64?
  public let metrics: Metrics
  /// Why there is no result.
  public let failure: String?
  /// Program and version.
  public let generator: String
  /// The machine that finished it.
  public let host: String
  /// ISO 8601, UTC.
  public let finishedAt: String
  /// Computing time of all its seeds, without what it shares with other points.
  public let seconds: Double

  /// How one seed did.
  public struct SeedScore: Hashable, Sendable, Codable {
    public let seed: UInt64
    /// In integers, in dB; nil when the seed failed.
    public let nmse: Double?
    public let testNMSE: Double?
    public let nnz: Int?
    public let failure: String?

    public init(
      seed: UInt64, nmse: Double?, testNMSE: Double?, nnz: Int?, failure: String? = nil
    ) {
      self.seed = seed
      self.nmse = nmse
      self.testNMSE = testNMSE
      self.nnz = nnz
      self.failure = failure
    }
  }

  public init(
    key: String, name: String? = nil, point: DesignPoint, dataset: String, datasetHash: String,
    task: LearningTask,
    recipeHash: String, seeds: [SeedScore], bestSeed: UInt64?, metrics: Metrics,
    failure: String? = nil, generator: String, host: String, finishedAt: String, seconds: Double
  ) {
    self.key = key
    self.name = name ?? point.name
    self.point = point
    self.dataset = dataset
    self.datasetHash = datasetHash
    self.task = task
    self.recipeHash = recipeHash
    self.seeds = seeds
    self.bestSeed = bestSeed
    self.metrics = metrics
    self.failure = failure
    self.generator = generator
    self.host = host
    self.finishedAt = finishedAt
    self.seconds = seconds
  }
}
