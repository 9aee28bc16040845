public import PareDatapath
public import PareExplore
public import PareQoR

/// A design for a ``QoRPage``, with what it is compared with and what else is known of it.
///
/// What is absent is said on the page; nothing stands for it.
public struct QoRDesign: Sendable {
  /// One way to build the network: the optimized one, or the baseline.
  public struct Implementation: Sendable {
    /// How it is called in tables.
    public var name: String
    /// One line about the network.
    public var summary: String
    public var accuracy: Accuracy?
    public var records: [QoRRecord]
    public var resources: Resources?

    public init(
      name: String, summary: String = "", accuracy: Accuracy? = nil, records: [QoRRecord],
      resources: Resources? = nil
    ) {
      self.name = name
      self.summary = summary
      self.accuracy = accuracy
      self.records = records
      self.resources = resources
    }
  }

  /// NMSE of the integers that the hardware equals bit for bit, in dB.
  public struct Accuracy: Sendable, Hashable {
    public var validationNMSE: Double?
    public var testNMSE: Double?
    /// Name of the data set.
    public var dataset: String
    /// Program and version that measured it.
    public var generator: String

    public init(
      validationNMSE: Double?, testNMSE: Double?, dataset: String, generator: String
    ) {
      self.validationNMSE = validationNMSE
      self.testNMSE = testNMSE
      self.dataset = dataset
      self.generator = generator
    }
  }

  /// Where the cells go, by the model of cells: an estimate.
  public struct Resources: Sendable, Hashable {
    public struct Part: Sendable, Hashable {
      public var name: String
      public var lut: Int
      public var dsp: Int

      public init(name: String, lut: Int, dsp: Int) {
        self.name = name
        self.lut = lut
        self.dsp = dsp
      }
    }

    public var family: LogicFamily
    public var byLayer: [Part]
    public var byOp: [Part]
    /// Program and version whose model it is.
    public var generator: String

    public init(family: LogicFamily, byLayer: [Part], byOp: [Part], generator: String) {
      self.family = family
      self.byLayer = byLayer
      self.byOp = byOp
      self.generator = generator
    }

    /// Counts the cells of a pipeline.
    public init(of pipeline: PipelinedDatapath, generator: String) {
      let model = ResourceModel(pipeline)
      func parts(_ grouping: ResourceGrouping) -> [Part] {
        model.breakdown(by: grouping).parts.map {
          Part(name: $0.name, lut: $0.cells.luts, dsp: $0.cells.multipliers)
        }
      }
      self.init(
        family: pipeline.options.family, byLayer: parts(.layer), byOp: parts(.op),
        generator: generator)
    }
  }

  public var optimized: Implementation
  /// The same network without the optimizations.
  public var baseline: Implementation?
  /// Spectra and characteristics, or why there are none.
  public var signal: Known<SignalFigures>
  /// The curve of word lengths, or why there is none.
  public var wordLengths: Known<WordLengthCurve>

  public init(
    _ optimized: Implementation, baseline: Implementation? = nil,
    signal: Known<SignalFigures> = .absent("no data set was given"),
    wordLengths: Known<WordLengthCurve> = .absent("no study of word lengths was given")
  ) {
    self.optimized = optimized
    self.baseline = baseline
    self.signal = signal
    self.wordLengths = wordLengths
  }

  /// The optimized one and the baseline, with their roles.
  var implementations: [(role: String, Implementation)] {
    [("optimized", optimized)] + (baseline.map { [("baseline", $0)] } ?? [])
  }
}

/// A value, or the reason why there is none.
public enum Known<Value: Sendable>: Sendable {
  case value(Value)
  case absent(String)
}

/// A point of the plots of NMSE against hardware that comes from a sweep and not from an implementation.
public struct QoRCandidate: Sendable, Hashable {
  public var name: String
  /// On the validation split, in dB.
  public var nmse: Double
  /// LUTs of the cost model.
  public var lut: Double?
  /// Dynamic watts of the cost model.
  public var power: Double?

  public init(name: String, nmse: Double, lut: Double?, power: Double?) {
    self.name = name
    self.nmse = nmse
    self.lut = lut
    self.power = power
  }

  /// - Returns: nil for a point without an NMSE.
  public init?(_ point: CandidateSummary) {
    guard let nmse = point.metrics[.nmse] else { return nil }
    self.init(name: point.name, nmse: nmse, lut: point.metrics[.lut], power: point.metrics[.power])
  }
}
