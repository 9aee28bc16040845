import ArgumentParser
import PareExplore
import PareNetwork
import PareNumerics
import PareSignal
import PareText
import PareTrain

/// The knobs of a design point as flags; what is not given stays as the experiment says.
struct DesignPointOptions: ParsableArguments {
  @Option(help: "A name from 'pare dataset list', or a folder.")
  var dataset: String?

  @Option(help: "inverse (a predistorter) or forward (a model of the amplifier).")
  var task: LearningTask?

  @OptionGroup(title: "Architecture") var shape: ArchitectureOptions

  @Option(help: "Fraction of the weights to prune away, 0 to 0.999.")
  var sparsity: Double?

  @Option(help: "\(QuantizationScheme.spellings).")
  var quantizer: String?

  @Option(help: "Word format of all tensors, such as 16,6; or observed, observed:12.")
  var format: String?

  @Option(help: "A tanh table has 2^N entries.")
  var tanhTableBits: Int?

  @Option(help: "The recipe that --recipe changes.")
  var preset: RecipePreset?

  @Option(
    name: .customLong("recipe"),
    help:
      "One knob of the training recipe, such as steps=8000 or pruning.finalSteps=2000; may be repeated."
  )
  var knobs: [String] = []

  /// Sets what was given.
  ///
  /// - Throws: an error of usage, whatever module found the fault: the value was typed.
  func apply(to experiment: inout Experiment) throws {
    do {
      try set(&experiment)
      try experiment.recipe.validate()
    } catch let error as any PareError {
      throw ExploreError(
        .option("design point"), error.message, hint: error.hint, kind: .usage)
    }
  }

  private func set(_ experiment: inout Experiment) throws {
    if let dataset { experiment.dataset = dataset }
    if let task { experiment.task = task }
    experiment.architecture = try shape.architecture(from: experiment.architecture)
    if let sparsity {
      guard (0...0.999).contains(sparsity) else {
        throw ValidationError("--sparsity is \(sparsity); give a fraction from 0 to 0.999")
      }
      experiment.sparsity = sparsity
    }
    if let quantizer { experiment.quantizer = try QuantizationScheme(parsing: quantizer) }
    if let format { experiment.formats = try FormatChoice(parsing: format) }
    if let tanhTableBits {
      guard (2...14).contains(tanhTableBits) else {
        throw ValidationError("--tanh-table-bits is \(tanhTableBits); give 2 to 14")
      }
      experiment.tanhTableBits = tanhTableBits
    }
    if let preset { experiment.recipe = preset.recipe }
    for knob in knobs { try experiment.setRecipeKnob(knob) }
  }
}
