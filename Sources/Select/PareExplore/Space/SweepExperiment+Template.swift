extension SweepExperiment {
  /// The commented file that `pare init --sweep` writes: the paper's space, with every key.
  ///
  /// What stands behind `#:` is a value to try; all of them together make a valid file too.
  public static let template = """
    # A design space. Every key but 'space' may be left out.
    # See what it holds:   pare sweep experiment.yaml --dry-run
    # Work it out:         pare sweep experiment.yaml

    # A name from `pare dataset list`, or a folder in the OpenDPD layout.
    dataset: opendpd/APA_200MHz

    # inverse: learn a predistorter (amplifier output to input); forward: learn a model of the amplifier.
    task: inverse

    # The first seed of every point, and the seed of the strategy; recipe.seedCount neighbours are tried.
    seed: 1

    # A preset (sweep, quick, standard), and single knobs; docs/guides/training.md lists them.
    recipe:
      preset: sweep

    # Every knob below takes a value, which fixes it, or several: a list, or {from: A, to: B, step: C} for numbers.
    space:
      # Start from the axes of a preset: paper or quick. What stands here as well replaces them.
      preset: paper

      architecture:
        kernelSize: [3, 5, 7, 11]
        # Convolutions in all, the output layer included; and channels of every hidden one.
        convolutions: [2, 3]
        channels: [2, 4, 6, 8, 10, 14, 16]
        # Instead of these two, a list of widths for each network: hiddenChannels: [[8], [8, 4]]
        # relu, leaky[:SHIFT], hardtanh, tanh
        activation: tanh
        # Samples of the future that the stack sees; quarter: a quarter of its receptive field.
        lookAhead: quarter
        skip: true
        biases: true
        # A list is one value, a list of lists are several: [[i, q], [i, q, "|x|^2"]]
        features: [i, q]
        # The same: 1, or [1, 2] for two convolutions, or [[1], [2]] for two networks.
        dilations: 1
        # none, or a linear filter beside the convolutions.
        branch: none
        #: branch: [none, {kernelSize: 31, lookAhead: 10, structure: real}]

      # Fractions of the weights to prune away. Pruning to one stops at all lower ones on its way.
      sparsity: [0, 0.30, 0.65, 0.83, 0.91, 0.95, 0.98, 0.99]

      # none, pot[:BITS], apot[:TERMS[:BITS]], digits:N, fixed:W; "pot,apot" (quoted) gives each layer its own.
      quantizer: [none, pot, apot]

      formats:
        wordLength: 16
        # Sign included; or observed: per tensor, from the training split.
        integerBits: 6
        tanhTableBits: 10
        # floor, nearest, convergent
        rounding: nearest
        # saturate, wrap
        overflow: saturate

      # Any knob of the recipe may be an axis.
      #: recipe:
      #:   pruning.method: [automatic, saliency]

      # QUANTITY RELATION NUMBER, all of which must hold. Quantities: nnz, weights, channels, convolutions, kernelSize,
      # sparsity, receptiveField. Relations: <= >= == != < >
      #: constraints: [nnz <= 500, convolutions <= 3]

    # grid: every point; {random: {count: 200}}: so many of them; or an evolutionary search:
    # {evolution: {population: 64, generations: 20, objectives: [nmse, nnz], wholeParents: true}}
    strategy: grid
    #: strategy: {random: {count: 200}}

    """
}
