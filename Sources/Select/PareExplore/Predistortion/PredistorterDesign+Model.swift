public import PareDPD
public import PareFixed
import PareNetwork
import PareNumerics

extension IntegerPredistorter {
  /// The predistorter as a model whose integers give the same words, bit for bit.
  ///
  /// - Throws: ``PredistortionError`` when the coefficients span too many bits; ``FixedError`` when a product or a sum could
  ///   overflow.
  public func model(
    generator: String, task: ModelFile.Task? = nil, training: ModelFile.Training? = nil
  ) throws -> ModelFile {
    let network = try network()
    let features = network.architecture.features
    let input = WordFormat(wordLength: words.input, integerBits: 1)
    let formats = FixedFormats(
      input: input, envelopes: features.envelopes.map(format(of:)),
      products: features.filter(\.isProduct).map(format(of:)), activations: [],
      output: WordFormat(wordLength: words.output, integerBits: 1), weights: [input],
      magnitudeTableBits: min(words.envelope - 1, 14))
    return ModelFile(
      generator: generator, task: task, training: training, network: network,
      fixed: try network.fixed(to: formats))
  }
}
