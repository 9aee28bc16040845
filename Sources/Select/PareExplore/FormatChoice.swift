public import PareNumerics
import PareText
public import PareTrain

/// How word formats are chosen.
public enum FormatChoice: Hashable, Sendable {
  /// One format for every tensor.
  case uniform(WordFormat)
  /// One word length; integer bits from what each tensor takes on the training split.
  case observed(wordLength: Int)

  /// Reads `16,6`, `<16,6>`, `observed` (16 bits) or `observed:12`.
  public init(parsing text: String) throws {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.first == "observed" else {
      let format = try WordFormat(parsing: text)
      guard format.isSigned, (4...32).contains(format.wordLength) else {
        throw ExploreError(
          .option("format"), "\(format) cannot carry a signal",
          hint: "give a signed format of 4 to 32 bits")
      }
      self = .uniform(format)
      return
    }
    let wordLength = parts.count == 1 ? 16 : parts.count == 2 ? Int(parts[1]) : nil
    guard let wordLength, (4...32).contains(wordLength) else {
      throw ExploreError(
        .option("format"), "'\(text)' is not a format",
        hint: "give observed, or observed:BITS with 4 to 32")
    }
    self = .observed(wordLength: wordLength)
  }
}

/// The recipes that have names.
public enum RecipePreset: String, Hashable, Sendable, CaseIterable {
  case standard
  case quick
  /// For thousands of points, each an improvement on its neighbour of a chain.
  case sweep

  public var recipe: TrainingRecipe {
    switch self {
    case .standard: .standard
    case .quick: .quick
    case .sweep: .sweep
    }
  }
}
