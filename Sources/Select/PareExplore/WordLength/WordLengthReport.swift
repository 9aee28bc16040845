public import PareFixed
import PareNetwork
import PareNumerics
public import PareText
public import PareTrain

/// What a word-length study found.
public struct WordLengthReport: Sendable {
  /// Data set, split and number of samples.
  public let samples: String
  /// Of the network in floats.
  public let reference: OutputFigures
  /// Of the integers that the model file came with.
  public let current: OutputFigures
  public let tensors: [FixedTensor]
  public let ranges: [TensorRange]
  public internal(set) var currentLUT = 0.0
  /// One format for all tensors.
  public internal(set) var joint: [WordLengthStudy.Point] = []
  /// One tensor varied.
  public internal(set) var single: [WordLengthStudy.Point] = []
  /// Rounding and overflow at the paper's format.
  public internal(set) var modes: [WordLengthStudy.Point] = []
  /// The search's way; the last has the formats.
  public internal(set) var steps: [WordLengthSearch.Step] = []
  public internal(set) var chosen: FixedNetwork?
  public internal(set) var chosenFigures: OutputFigures?
  public internal(set) var chosenScores: SplitNMSE?
  private let hasTable: Bool
  let metric: LossMetric
  let limit: Double?

  init(
    samples: String, study: WordLengthStudy, current: OutputFigures,
    options: WordLengthJob.Options
  ) {
    self.samples = samples
    self.current = current
    reference = study.reference
    tensors = study.network.fixedTensors
    ranges = study.ranges
    hasTable = study.network.architecture.activation == .tanh
    metric = options.metric
    limit = options.limit
  }

  /// The shortest word length of each tensor that alone loses at most a hundredth of a decibel.
  private func shortest(_ tensor: FixedTensor) -> Int? {
    let points = single.filter { $0.tensor == tensor }.reversed()
    let good = points.prefix { point in
      point.figures.map { $0.nmse - reference.nmse <= 0.01 } ?? false
    }
    return good.last?.format.wordLength
  }

  /// Titles and tables, as the command line and the page show them.
  public var tables: [(title: String, table: TextTable)] {
    var result = [("Ranges and what each tensor needs alone", rangeTable)]
    if !joint.isEmpty {
      result.append(("One format <W,I> for all tensors: NMSE in dB", jointTable(\.nmse, 3)))
      result.append(
        (
          "The same: mean squared error against the network in floats, dB",
          jointTable(\.roundingError, 1)
        ))
    }
    if !modes.isEmpty { result.append(("Rounding and overflow at <16,6>", modeTable)) }
    if !steps.isEmpty { result.append(("Search", stepTable)) }
    if chosen != nil { result.append(("Formats", formatTable)) }
    return result
  }

  private var rangeTable: TextTable {
    var table = TextTable([
      ("tensor", .left), ("integer bits, observed", .right), ("proven", .right),
      ("shortest for 0.01 dB", .right),
    ])
    for range in ranges {
      table.add([
        "\(range.tensor)", "\(range.observedIntegerBits)", "\(range.provenIntegerBits)",
        shortest(range.tensor).map { "\($0)" } ?? "-",
      ])
    }
    return table
  }

  /// Rows are word lengths, columns integer bits; a power in decibels when it is not in them already.
  private func jointTable(_ figure: KeyPath<OutputFigures, Double>, _ decimals: Int) -> TextTable {
    let integers = Set(joint.map(\.format.integerBits)).sorted()
    let lengths = Set(joint.map(\.format.wordLength)).sorted()
    var table = TextTable(
      [("W", .right)] + integers.map { ("I = \($0)", TextTable.Alignment.right) })
    for length in lengths {
      let cells = integers.map { bits -> String in
        let point = joint.first {
          $0.format.wordLength == length && $0.format.integerBits == bits
        }
        guard let figures = point?.figures else { return "-" }
        let value = figures[keyPath: figure]
        return (figure == \.nmse ? value : decibels(value)).fixed(decimals)
      }
      table.add(["\(length)"] + cells)
    }
    return table
  }

  private var modeTable: TextTable {
    var table = TextTable([
      ("rounding", .left), ("overflow", .left), ("NMSE dB", .right), ("EVM dB", .right),
      ("ACLR dBc", .right),
    ])
    for point in modes {
      table.add(
        [point.rounding.rawValue, point.overflow.rawValue] + Self.cells(point.figures))
    }
    return table
  }

  private var stepTable: TextTable {
    var table = TextTable([
      ("move", .left), ("NMSE dB", .right), ("EVM dB", .right), ("ACLR dBc", .right),
      ("LUT est.", .right),
    ])
    table.add(["in floats"] + Self.cells(reference) + [""])
    table.add(["as it came"] + Self.cells(current) + [currentLUT.fixed(0)])
    for step in steps {
      table.add([step.move] + Self.cells(step.figures) + [step.cost.fixed(0)])
    }
    if let last = steps.last {
      table.add(["as chosen"] + Self.cells(chosenFigures) + [last.cost.fixed(0)])
    }
    return table
  }

  private var formatTable: TextTable {
    var table = TextTable([("tensor", .left), ("format", .left)])
    if let formats = steps.last?.formats {
      for tensor in tensors { table.add(["\(tensor)", "\(formats[tensor])"]) }
      if hasTable { table.add(["tanh table", "2^\(formats.tanhTableBits) entries"]) }
    }
    return table
  }

  private static func cells(_ figures: OutputFigures?) -> [String] {
    guard let figures else { return ["-", "-", "-"] }
    return [
      figures.nmse.fixed(3), figures.evm?.fixed(3) ?? "-", figures.aclr?.fixed(3) ?? "-",
    ]
  }
}
