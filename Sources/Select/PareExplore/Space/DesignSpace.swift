public import PareNetwork
public import PareNumerics
import PareText
public import PareTrain

/// A set of design points: every combination of the values on its axes that its constraints allow.
///
/// An axis with one value fixes its knob. An axis that cannot matter for a point does not multiply it: the width of hidden
/// convolutions where there is none, the table of a tanh where there is none, knobs `pruning.*` of the recipe at sparsity 0,
/// knobs `quantization.*` without a quantizer. Such a knob keeps its standard value, or that of ``recipe``.
///
///     var space = SpacePreset.paper.space
///     space.constraints = [Constraint(.nnz, .atMost, 200)]
///     for planned in try space.points() { ... }
public struct DesignSpace: Hashable, Sendable {
  /// Samples of the future that the stack sees.
  public enum LookAhead: Hashable, Sendable {
    /// `(receptive field - 1) / 4`, rounded down; of the stack, not of a branch.
    case quarter
    case samples(Int)
  }

  /// Widths of the hidden convolutions.
  public enum Widths: Hashable, Sendable {
    /// Every hidden convolution has the same; `convolutions` counts the output layer too.
    case uniform(convolutions: [Int], channels: [Int])
    /// A list for each network; an empty one is a single convolution.
    case listed([[Int]])
  }

  /// Integer bits of all tensors, sign included, or of each tensor as the training split needs.
  public enum IntegerBits: Hashable, Sendable {
    case count(Int)
    case observed
  }

  /// A knob of the recipe that takes several values.
  public struct RecipeAxis: Hashable, Sendable {
    /// Dotted, such as `pruning.method`.
    public let name: String
    /// As one would write them in YAML.
    public let values: [String]

    public init(name: String, values: [String]) {
      self.name = name
      self.values = values
    }
  }

  public var widths = Widths.uniform(convolutions: [2], channels: [8])
  public var kernelSizes = [5]
  /// One number stands for all convolutions.
  public var dilations = [[1]]
  public var lookAheads = [LookAhead.quarter]
  public var activations = [Activation.relu]
  public var skips = [true]
  public var biases = [true]
  public var features: [[Feature]] = [[.signal(0), .signal(1)]]
  public var branches: [LinearBranch?] = [nil]
  public var sparsities = [0.0]
  public var quantizers = [QuantizationScheme.none]
  public var wordLengths = [16]
  public var integerBits = [IntegerBits.count(6)]
  public var tanhTableBits = [10]
  public var roundings = [Rounding.nearest]
  public var overflows = [Overflow.saturate]
  /// Knobs of the recipe that are axes.
  public var recipeAxes: [RecipeAxis] = []
  /// What the axes do not say of the recipe.
  public var recipe: TrainingRecipe
  /// All must hold; they drop points and never change one that stays.
  public var constraints: [Constraint] = []

  /// One point, the standard one.
  public init(recipe: TrainingRecipe = RecipePreset.sweep.recipe) { self.recipe = recipe }

  /// Sparsities that pruning to one of them stops at on its way: all lower ones of the axis but 0, whatever the
  /// constraints drop. So a point's result depends on the axis and on nothing else that was asked for.
  public func ladder(to sparsity: Double) -> [Double] {
    sparsities.filter { $0 > 0 && $0 < sparsity }.sorted()
  }
}

extension DesignSpace.LookAhead: CustomStringConvertible {
  public var description: String {
    switch self {
    case .quarter: "quarter"
    case .samples(let count): "\(count)"
    }
  }

  /// In samples, for a stack with a receptive field.
  func samples(ofField field: Int) -> Int {
    switch self {
    case .quarter: (field - 1) / 4
    case .samples(let count): count
    }
  }
}

extension DesignSpace.IntegerBits: CustomStringConvertible {
  public var description: String {
    switch self {
    case .count(let count): "\(count)"
    case .observed: "observed"
    }
  }
}
