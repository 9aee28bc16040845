import CPareKernels
import PareNetwork

/// The error of a network with a few parameters changed, for much less than a forward pass.
///
///     let trial = TrialError(architecture, on: signal, frames)
///     trial.load(engine)
///     let without = trial.error(with: [.weight(0, 12, 0)])      // layer 0 loses its weight 12
///     trial.apply([.weight(0, 12, 0)])                          // and now for good
///
/// The signals of every layer are kept for all frames. A changed weight changes one sum before an activation, that one
/// signal, and what it feeds: only these are computed. The result is that of a full pass but for rounding, and has the same
/// bits on every processor. ``apply(_:)`` adds its rounding to the sums; loading starts afresh.
///
/// - Complexity: of a trial in a network of two convolutions O(samples × kernel × outputs), whatever the hidden channels.
final class TrialError {
  let architecture: Architecture
  let shapes: [LayerShape]
  let memory: TrialMemory
  let variant = pare_best_variant()
  /// `[layer]`, flat `[out][in][tap]`.
  private(set) var weights: [FloatBuffer]
  private(set) var biases: [FloatBuffer]
  /// Squared error, `[frame][output channel]`.
  private var errors: [[Double]]
  private var newErrors: [Double]
  /// Target power times the number of outputs.
  let energy: Double
  /// What each square of a weight of a layer adds to the error that fits make small.
  let roundingPrices: [Double]
  /// Weights from one input channel to all outputs, as the kernels want them.
  private let packed: FloatBuffer

  /// Error relative to the target's power, mean over the outputs of the frames, of the network as it is loaded.
  private(set) var current = Double.infinity

  /// - Parameters:
  ///   - frames: stretches with true context, all from the signal.
  ///   - recipe: what fits are to bear besides.
  init(
    _ architecture: Architecture, on signal: TrainingSignal, _ frames: [Frame],
    bearing recipe: SecondOrderRecipe = SecondOrderRecipe()
  ) {
    roundingPrices = (0..<architecture.layerCount).map {
      recipe.roundingPrice(ofLayer: $0, in: architecture, targetPower: signal.targetPower)
    }
    self.architecture = architecture
    shapes = architecture.layerShapes
    memory = TrialMemory(architecture, frames)
    weights = shapes.map { FloatBuffer(count: $0.weightCount) }
    biases = shapes.map { FloatBuffer(count: $0.outputChannels) }
    errors = frames.map { _ in Array(repeating: 0, count: architecture.outputChannels) }
    newErrors = Array(repeating: 0, count: architecture.outputChannels)
    packed = FloatBuffer(
      count: shapes.map { $0.outputChannels * $0.kernelSize }.max() ?? 0)
    let outputs = frames.reduce(0) { $0 + $1.count } * architecture.outputChannels
    energy = Double(outputs) * signal.targetPower
    for frame in frames.indices { fill(frame, from: signal) }
  }

  /// Takes over the parameters of a network and computes everything.
  func load(_ network: Network) {
    precondition(network.architecture == architecture, "\(network.architecture.name)")
    for (index, layer) in network.layers.enumerated() {
      weights[index].values = layer.weights
      biases[index].values = layer.biases
    }
    recompute()
  }

  /// Takes over the parameters of an engine, masked ones being zero, and computes everything.
  func load(_ engine: TrainingEngine) {
    for (index, plan) in engine.plans.enumerated() {
      unsafe weights[index].base.update(
        from: engine.parameters.base + plan.weights.lowerBound, count: plan.weights.count)
      unsafe biases[index].base.update(
        from: engine.parameters.base + plan.biases.lowerBound, count: plan.biases.count)
    }
    recompute()
  }

  /// Weights and biases, `[layer]`; setting them computes everything.
  var parameters: (weights: [[Float]], biases: [[Float]]) {
    get { (weights.map(\.values), biases.map(\.values)) }
    set {
      for (buffer, values) in zip(weights + biases, newValue.weights + newValue.biases) {
        buffer.values = values
      }
      recompute()
    }
  }

  /// Gives its parameters to an engine.
  func store(into engine: TrainingEngine) {
    for (index, plan) in engine.plans.enumerated() {
      unsafe (engine.parameters.base + plan.weights.lowerBound).update(
        from: weights[index].base, count: plan.weights.count)
      unsafe (engine.parameters.base + plan.biases.lowerBound).update(
        from: biases[index].base, count: plan.biases.count)
    }
  }

  /// What the rounding of hidden activations adds to the error on average.
  var roundingError: Double {
    zip(roundingPrices, weights).reduce(0) { sum, layer in
      layer.0 == 0
        ? sum : layer.1.values.reduce(sum) { $0 + layer.0 * Double($1) * Double($1) }
    }
  }

  /// The error that the network would have with these changes.
  ///
  /// - Parameter limit: once the error of the first frames alone is larger than this, the others are not looked at and
  ///   infinity is returned.
  func error(with changes: [ParameterChange], limit: Double = .infinity) -> Double {
    var sum = 0.0
    let bound = limit * energy
    let pending = Pending(changes, of: self)
    for frame in memory.frames.indices {
      evaluate(pending, frame, keeps: false)
      for error in newErrors { sum += error }
      if sum > bound { return .infinity }
    }
    return sum / energy
  }

  /// Makes changes permanent.
  func apply(_ changes: [ParameterChange]) {
    let pending = Pending(changes, of: self)
    for frame in memory.frames.indices {
      evaluate(pending, frame, keeps: true)
      errors[frame] = newErrors
    }
    for change in changes { assign(change) }
    sumErrors()
  }

  /// Changes a parameter and nothing that depends on it.
  func assign(_ change: ParameterChange) {
    switch change.place {
    case .weight(let index): weights[change.layer][index] = change.value
    case .bias(let channel): biases[change.layer][channel] = change.value
    }
  }

  private func sumErrors() {
    var sum = 0.0
    for frame in errors { for error in frame { sum += error } }
    current = sum / energy
  }
}

// MARK: full pass

extension TrialError {
  private func fill(_ index: Int, from signal: TrainingSignal) {
    let frame = memory.frames[index]
    // What features see of the past stands before the times at which they are needed.
    let early = architecture.featurePastSamples
    let past = architecture.convolutionMemory + early
    let first = frame.start + architecture.lookAhead - past
    let window = (0..<architecture.inputChannels).map { channel in
      (0..<frame.count + past).map { n in
        unsafe signal.input.base[channel * signal.stride + signal.margin + first + n]
      }
    }
    for (channel, feature) in architecture.features.enumerated() {
      let row = unsafe memory.signal(index, 0, channel)
      for (n, value) in feature(window).dropFirst(early).enumerated() { unsafe row[n] = value }
    }
    let stack = architecture.convolutions
    if let branch = architecture.branch {
      for channel in 0..<architecture.inputChannels {
        let row = unsafe memory.signal(index, stack, channel)
        let from = channel * signal.stride + signal.margin + frame.start - branch.pastSamples
        for n in 0..<frame.count + branch.kernelSize - 1 {
          unsafe row[n] = signal.input.base[from + n]
        }
      }
    }
    for channel in 0..<architecture.outputChannels {
      // The skip is constant, so the target can carry it.
      let row = unsafe memory.signal(index, stack + 1, channel)
      let from = channel * signal.stride + signal.margin + frame.start
      for n in 0..<frame.count {
        let skip = unsafe architecture.hasSkip ? signal.input.base[from + n] : 0
        unsafe row[n] = signal.target.base[from + n] - skip
      }
    }
  }

  /// Computes everything from the parameters.
  func recompute() {
    for frame in memory.frames.indices { recompute(frame) }
    sumErrors()
  }

  private func recompute(_ frame: Int) {
    let stack = architecture.convolutions
    let stride = memory.stride
    for layer in 0..<stack {
      let count = memory.frames[frame].count + memory.extra[layer]
      let y = unsafe memory.sum(frame, layer, 0)
      unsafe convolve(
        layer, inputs: shapes[layer].inputChannels, outputs: shapes[layer].outputChannels, count,
        memory.signal(frame, layer, 0), weights[layer].base, biases[layer].base, y)
      if layer == stack - 1 { break }
      for channel in 0..<shapes[layer].outputChannels {
        unsafe activate(count, y + channel * stride, memory.signal(frame, layer + 1, channel))
      }
    }
    let count = memory.frames[frame].count
    if let branch = architecture.branchLayer {
      unsafe convolve(
        branch, inputs: shapes[branch].inputChannels, outputs: shapes[branch].outputChannels,
        count, memory.signal(frame, stack, 0), weights[branch].base, nil, memory.addition(0))
      for channel in 0..<architecture.outputChannels {
        let y = unsafe memory.sum(frame, stack - 1, channel)
        let sum = unsafe memory.partial(0)
        unsafe add(count, y, 1, memory.addition(channel), into: sum)
        unsafe y.update(from: sum, count: count)
      }
    }
    for channel in 0..<architecture.outputChannels {
      errors[frame][channel] = unsafe squaredError(
        frame, channel, memory.sum(frame, stack - 1, channel))
    }
  }
}

// MARK: kernels

extension TrialError {
  /// `y = x0 + factor * x1`, x1 lying behind x0 in the same buffer.
  func add(
    _ count: Int, _ x0: UnsafePointer<Float>, _ factor: Float, _ x1: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>
  ) {
    let distance = unsafe x1 - x0
    precondition(distance > 0, "rows \(distance) apart")
    var shape = pare_conv1d(
      output_channels: 1, input_channels: 2, kernel_size: 1, dilation: 1,
      input_stride: distance, output_stride: memory.stride)
    unsafe withUnsafePointer(to: (Float(1), factor)) { pair in
      unsafe pair.withMemoryRebound(to: Float.self, capacity: 2) { factors in
        unsafe pare_conv1d_forward(variant, &shape, count, x0, factors, nil, y)
      }
    }
  }

  func convolve(
    _ layer: Int, inputs: Int, outputs: Int, _ count: Int, _ x: UnsafePointer<Float>,
    _ weights: UnsafePointer<Float>, _ biases: UnsafePointer<Float>?,
    _ y: UnsafeMutablePointer<Float>
  ) {
    var shape = pare_conv1d(
      output_channels: outputs, input_channels: inputs, kernel_size: shapes[layer].kernelSize,
      dilation: shapes[layer].dilation, input_stride: memory.stride, output_stride: memory.stride)
    unsafe pare_conv1d_forward(variant, &shape, count, x, weights, biases, y)
  }

  func activate(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    switch architecture.activation {
    case .relu: unsafe pare_relu(variant, count, x, y)
    case .leakyReLU(let shift):
      unsafe pare_leaky_relu(
        variant, count, Float(sign: .plus, exponent: -shift, significand: 1), x, y)
    case .hardTanh: unsafe pare_hard_tanh(variant, count, x, y)
    case .tanh: unsafe pare_tanh(variant, count, x, y)
    }
  }

  func squaredError(_ frame: Int, _ channel: Int, _ prediction: UnsafePointer<Float>) -> Double {
    unsafe Double(
      pare_squared_error(
        variant, memory.frames[frame].count, prediction, nil,
        memory.signal(frame, architecture.convolutions + 1, channel), 0, nil))
  }

  /// Weights from one input channel of a layer to all its outputs, `[out][tap]`.
  func pack(_ layer: Int, input: Int) -> UnsafePointer<Float> {
    let shape = shapes[layer]
    for output in 0..<shape.outputChannels {
      unsafe (packed.base + output * shape.kernelSize).update(
        from: weights[layer].base + shape.index(output: output, input: input, tap: 0),
        count: shape.kernelSize)
    }
    return unsafe UnsafePointer(packed.base)
  }
}

// MARK: trial

extension TrialError {
  /// Changes as differences, sorted by layer and output channel.
  struct Pending {
    struct Term {
      let output: Int
      /// Nil for a bias.
      let input: Int?
      let tap: Int
      let difference: Float
    }

    /// `[layer][term]`.
    var terms: [[Term]]

    init(_ changes: [ParameterChange], of trial: TrialError) {
      terms = Array(repeating: [], count: trial.shapes.count)
      for change in changes {
        let shape = trial.shapes[change.layer]
        switch change.place {
        case .weight(let index):
          terms[change.layer].append(
            Term(
              output: index / (shape.inputChannels * shape.kernelSize),
              input: index / shape.kernelSize % shape.inputChannels,
              tap: index % shape.kernelSize,
              difference: change.value - trial.weights[change.layer][index]))
        case .bias(let channel):
          terms[change.layer].append(
            Term(
              output: channel, input: nil, tap: 0,
              difference: change.value - trial.biases[change.layer][channel]))
        }
      }
    }
  }

  /// Puts the squared errors of a frame with the changes into `newErrors`; `keeps` also writes the new signals down.
  private func evaluate(_ pending: Pending, _ frame: Int, keeps: Bool) {
    let stack = architecture.convolutions
    newErrors = errors[frame]
    // Channels of the layer's input that differ, in the bank that the layer before wrote.
    var changed: [Int] = []
    for layer in 0..<stack {
      let isLast = layer == stack - 1
      let terms = pending.terms[layer]
      let branchTerms = isLast && architecture.branchLayer != nil ? pending.terms[stack] : []
      if changed.isEmpty && terms.isEmpty && branchTerms.isEmpty { continue }
      let count = memory.frames[frame].count + memory.extra[layer]
      let bank = layer % 2
      spread(changed, into: layer, count, bank: 1 - bank)
      var next: [Int] = []
      for output in 0..<shapes[layer].outputChannels {
        guard
          changed.contains(where: { connects(layer, output, $0) })
            || terms.contains(where: { $0.output == output })
            || branchTerms.contains(where: { $0.output == output })
        else { continue }
        let start = unsafe memory.sum(frame, layer, output)
        var sum = unsafe start
        var used = 0
        /// Adds to the sum, in one of two rows in turn: a kernel never writes what it reads.
        func accumulate(_ factor: Float, _ row: UnsafePointer<Float>) {
          let into = unsafe memory.partial(used % 2)
          unsafe add(count, sum, factor, row, into: into)
          unsafe sum = into
          used += 1
        }
        if !changed.isEmpty { unsafe accumulate(1, memory.addition(output)) }
        for term in terms where term.output == output {
          guard let input = term.input else {
            unsafe accumulate(term.difference, memory.ones)
            continue
          }
          let shape = shapes[layer]
          let row =
            unsafe changed.contains(input)
            ? memory.changed(1 - bank, input) : memory.signal(frame, layer, input)
          unsafe accumulate(term.difference, row + shape.memory - term.tap * shape.dilation)
        }
        for term in branchTerms where term.output == output {
          let row = unsafe memory.signal(frame, stack, term.input!)
          unsafe accumulate(term.difference, row + shapes[stack].memory - term.tap)
        }
        if isLast {
          newErrors[output] = unsafe squaredError(frame, output, sum)
        } else {
          let new = unsafe memory.changed(bank, output)
          let old = unsafe memory.signal(frame, layer + 1, output)
          unsafe activate(count, sum, new)
          unsafe subtract(count, new, old, into: memory.difference(bank, output))
          if keeps { unsafe old.update(from: new, count: count) }
          next.append(output)
        }
        if keeps && used > 0 { unsafe start.update(from: sum, count: count) }
      }
      changed = next
    }
  }

  private func connects(_ layer: Int, _ output: Int, _ input: Int) -> Bool {
    let first = shapes[layer].index(output: output, input: input, tap: 0)
    for tap in 0..<shapes[layer].kernelSize {
      if unsafe weights[layer].base[first + tap] != 0 { return true }
    }
    return false
  }

  /// Puts what changed inputs add to every output of a layer into the additions.
  func spread(_ changed: [Int], into layer: Int, _ count: Int, bank: Int) {
    guard let first = changed.first else { return }
    let shape = shapes[layer]
    if changed.count == 1 {
      unsafe convolve(
        layer, inputs: 1, outputs: shape.outputChannels, count, memory.difference(bank, first),
        pack(layer, input: first), nil, memory.addition(0))
      return
    }
    for input in 0..<shape.inputChannels where !changed.contains(input) {
      unsafe memory.difference(bank, input).update(repeating: 0, count: memory.stride)
    }
    unsafe convolve(
      layer, inputs: shape.inputChannels, outputs: shape.outputChannels, count,
      memory.difference(bank, 0), weights[layer].base, nil, memory.addition(0))
  }

  /// `y = x0 - x1`, x1 lying behind x0 in the same buffer.
  private func subtract(
    _ count: Int, _ x0: UnsafePointer<Float>, _ x1: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>
  ) {
    unsafe add(count, x0, -1, x1, into: y)
  }
}
