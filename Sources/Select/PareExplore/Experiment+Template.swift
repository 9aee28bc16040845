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
      # relu is free in hardware; leaky:3 has the slope 2^-3 below zero; hardtanh is limited to -1...1; tanh is more
      # accurate and needs a table per channel.
      activation: relu
      # Samples of the future that an output sees; hardware pays them as latency.
      lookAhead: 2
      # Adds the input to the output.
      skip: true
      # Biases of the convolutions.
      biases: true
      # Input channels of the first convolution; "|x|^2" (quoted: YAML has a use of its own for |) or i|x|^2, q|x|^4 ...
      # cost multipliers in hardware.
      features: [i, q]
      # Samples from one tap to the next; one number, or a list with one for each convolution.
      dilations: 1
      # A linear filter from the signal to the output, beside the convolutions; absent by default.
      # branch:
      #   kernelSize: 31
      #   lookAhead: 10
      #   # real: any tap from each input to each output; complex: [[a, -b], [b, a]]
      #   structure: real

    # Fraction of the weights to prune away.
    sparsity: 0.0
    # Sparsities to stop and tune at on the way, rising; empty goes there at once.
    ladder: []

    # none, pot[:BITS], apot[:TERMS[:BITS]], digits:N, fixed:W; or a list with one for each layer, such as apot,pot (a
    # branch comes last). One power-of-two scale per layer; /channel gives each output channel its own.
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

    # A preset (standard, quick, sweep) and single knobs of the training recipe; docs/guides/training.md lists them.
    # recipe:
    #   preset: standard
    #   steps: 12000
    #   seedCount: 8
    #   pruning:
    #     finalSteps: 4000

    """
}
