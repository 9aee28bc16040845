extension Experiment {
  /// The commented file that `pare init` writes; every key shows its default.
  public static let template = """
    # One design point. Every key may be left out; what stands here are the defaults.
    # Train it:   pare train experiment.yaml --out model.json

    # A name from `pare dataset list`, or a folder in the OpenDPD layout.
    dataset: opendpd/APA_200MHz

    # inverse: learn a predistorter (amplifier output to input); forward: learn a model of the amplifier.
    task: inverse

    architecture:
      kernelSize: 5
      # One entry per hidden convolution; [8] is two convolutions, 2 -> 8 -> 2.
      hiddenChannels: [8]
      # relu is free in hardware; tanh is more accurate and needs a table per channel.
      activation: relu
      # Samples of the future that an output sees; hardware pays them as latency.
      lookAhead: 2
      # Adds the input to the output.
      skip: true

    # Fraction of the weights to prune away.
    sparsity: 0.0

    # none, pot[:BITS], apot[:TERMS[:BITS]], digits:N, fixed:W
    quantizer: none

    # The first seed; recipe.seedCount neighbours are tried, and the best on the validation split is kept.
    seed: 1

    formats:
      wordLength: 16
      # Sign included; a number for all tensors, or observed: per tensor, from the training split.
      integerBits: 6
      # A tanh table has 2^tanhTableBits entries.
      tanhTableBits: 10
      # floor, nearest, convergent
      rounding: nearest
      # saturate, wrap
      overflow: saturate

    # Single knobs of the training recipe; `pare train --help` and docs/guides/training.md list them.
    # recipe:
    #   steps: 12000
    #   seedCount: 8
    #   pruning:
    #     finalSteps: 4000

    """
}
