public import PareDPD
import PareNumerics
public import PareText

/// What a run of predistorter designs came to; `designs.json`.
public struct PredistorterReport: Sendable, Encodable {
  /// An amplifier model that the designs were made for.
  public struct JudgeFacts: Sendable, Encodable {
    public let name: String
    /// Error over target that its ideal drive leaves on the training split.
    public let idealDriveErrorDB: Double
  }

  /// One design.
  public struct Row: Sendable, Encodable {
    public let folder: String
    /// Real weights that are not 0.
    public let coefficients: Int
    /// Multiplications of two signals per sample.
    public let products: Int
    /// Square roots by table.
    public let tables: Int
    /// Bits of input, envelopes, features and output.
    public let words: PredistorterWords
    public let digits: Int
    /// Two-input additions per sample, before any sharing.
    public let adders: Int
    /// Integers, on the split that choices may look at.
    public let validation: DriveScores
    /// The same coefficients in double precision, before digits and words.
    public let floatValidation: DriveScores
    /// Integers, on the split that no choice has seen.
    public let test: DriveScores

    init(
      budget: PredistorterBudget, design: PredistorterDesign, validation: DriveScores,
      floatValidation: DriveScores, test: DriveScores, folder: String
    ) {
      self.folder = folder
      coefficients = design.integers.coefficientCount
      products = design.integers.productCount
      tables = design.integers.tableCount
      words = design.integers.words
      digits = design.integers.digitCount
      adders = design.integers.adderCount
      self.validation = validation
      self.floatValidation = floatValidation
      self.test = test
    }
  }

  public let schemaVersion = 1
  /// Program and version.
  public let generator: String
  /// The package with the frozen amplifier, the data and the rules, or the data set.
  public let benchmark: String
  public let judges: [JudgeFacts]
  /// Terms that could be chosen.
  public let termCount: Int
  public let designs: [Row]

  /// The designs, one to a line. Every quality is simulated, through the judges; the least over them.
  public var table: TextTable {
    var table = TextTable([
      ("design", .left), ("bits in/features/out", .left), ("products", .right), ("tables", .right),
      ("digits", .right),
      ("adders", .right), ("Q float, validation", .right), ("Q, validation", .right),
      ("Q, test", .right), ("NMSE, dB", .right), ("EVM, dB", .right), ("ACLR, dBc", .right),
    ])
    for row in designs {
      let worst = row.test.minimum.drive
      table.add([
        row.folder, "\(row.words.input)/\(row.words.feature)/\(row.words.output)",
        "\(row.products)", "\(row.tables)", "\(row.digits)", "\(row.adders)",
        row.floatValidation.minimum.qualityDB.fixed(2), row.validation.minimum.qualityDB.fixed(2),
        row.test.minimum.qualityDB.fixed(2), worst.nmseDB.fixed(2), worst.evmDB?.fixed(2) ?? "-",
        max(worst.aclrLowerDB, worst.aclrUpperDB).fixed(2),
      ])
    }
    return table
  }
}
