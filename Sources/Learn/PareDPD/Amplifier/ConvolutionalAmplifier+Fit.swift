import CPareKernels
import PareNumerics
public import PareSignal

extension ConvolutionalAmplifier {
  /// How a network is fitted.
  public struct FitSettings: Hashable, Sendable {
    public var iterations = 100
    /// The fit ends when twenty iterations together gain less than this, in dB.
    public var least = 0.01
    /// Squared parameters against the squared error over the target's energy.
    public var ridge = 1e-8
    /// Drawn weights are reproducible.
    public var seed: UInt64 = 1
    public init() {}
  }

  /// Fits a network to a capture from drawn weights, by the method of Levenberg and Marquardt.
  ///
  /// With a prior, the change of the output when weak noise outside the band is added to the input is held near the change of
  /// another amplifier's, since a capture of limited band says nothing about it.
  ///
  /// - Parameters:
  ///   - margin: samples at each end that do not count.
  ///   - onStep: the iteration, and the error over the target in dB, prior and ridge included.
  /// - Throws: ``PredistortionError`` when the lengths differ or the capture is silent or not finite; `CancellationError`.
  /// - Source: Marquardt, An Algorithm for Least-Squares Estimation of Nonlinear Parameters, 1963; damping after Nielsen,
  ///   Damping Parameter in Marquardt's Method, 1999.
  public init(
    name: String, shape: Shape = Shape(), input: IQSignal, output: IQSignal, margin: Int,
    prior: VolterraAmplifier.Prior? = nil, _ settings: FitSettings = FitSettings(),
    onStep: (Int, Double) -> Void = { _, _ in }
  ) throws {
    precondition(shape.isSound && margin >= 0, "\(shape), margin \(margin)")
    guard input.count == output.count, input.count > 2 * margin + shape.parameterCount else {
      throw PredistortionError(
        .wrongLength(what: "the amplifier's output", count: output.count, expected: input.count))
    }
    let energy = output.energy(in: margin..<output.count - margin)
    guard energy.isFinite, input.energy().isFinite else {
      throw PredistortionError(.notFinite(what: "the capture", sample: 0))
    }
    guard energy > 0, input.energy() > 0 else {
      throw PredistortionError(.badRequest(reason: "a silent capture has no model"))
    }
    let problem = NetworkProblem(
      input: input, output: output, margin: margin, energy: energy, ridge: settings.ridge,
      probe: prior.map { NetworkProblem.Probe($0, at: input, seed: settings.seed) })
    var current = Self(
      name: name, shape: shape, parameters: Self.draw(shape, for: input, seed: settings.seed))
    var errors = [problem.error(of: current)]
    var (damping, growth) = (1e-3, 2.0)
    var quadratic = try problem.equations(at: current)
    for iteration in 1...max(settings.iterations, 1) {
      try Task.checkCancellation()
      let step = try quadratic.damped(damping).solution()
      let moved = zip(current.parameters, step).map { Float(Double($0) + $1) }
      let next =
        moved.allSatisfy(\.isFinite)
        ? Self(name: name, shape: shape, parameters: moved) : current
      let error = problem.error(of: next)
      let expected = errors.last! - quadratic.error(of: step)
      let ratio = (errors.last! - error) / expected
      if error.isFinite, error < errors.last! {
        current = next
        errors.append(error)
        let bend = 2 * ratio - 1
        damping = max(damping * max(1.0 / 3, 1 - bend * bend * bend), 1e-12)
        growth = 2
        onStep(iteration, decibels(error))
        if errors.count > 20, decibels(errors[errors.count - 21] / error) < settings.least { break }
        if iteration < settings.iterations { quadratic = try problem.equations(at: current) }
      } else {
        damping *= growth
        growth *= 2
        // No step however short helps: rounding has the last word.
        if damping > 1e12 { break }
      }
    }
    self = current
  }

  /// Weights of unit variance for inputs of unit size, small output weights, and no filter.
  private static func draw(_ shape: Shape, for input: IQSignal, seed: UInt64) -> [Float] {
    var random = RandomStream(seed: seed).fork("network")
    let fanIn = Double(Shape.features * shape.inputTaps)
    let square =
      ((0..<input.count).reduce(0) { $0 + input[$1].squaredMagnitude * input[$1].squaredMagnitude }
      / Double(input.count)).squareRoot()
    let sizes = [input.rms * 0.5.squareRoot(), input.rms * 0.5.squareRoot(), square]
    var parameters: [Float] = []
    for _ in 0..<shape.hidden {
      for size in sizes {
        for _ in 0..<shape.inputTaps {
          parameters.append(Float(random.normal() / (size * fanIn.squareRoot())))
        }
      }
    }
    for _ in 0..<shape.hidden { parameters.append(Float(0.5 * random.normal())) }
    for _ in 0..<2 * shape.hidden * shape.outputTaps {
      parameters.append(Float(0.05 * input.rms * random.normal()))
    }
    return parameters + [Float](repeating: 0, count: 2 * shape.filterTaps)
  }
}

/// The squared error of a network over the target's energy, as a sum of squares.
private struct NetworkProblem {
  /// An input moved by weak noise, and how another amplifier answers.
  struct Probe {
    let moved: IQSignal
    /// Change of the other amplifier's output.
    let answer: IQSignal
    /// Of the squared difference, per square of the noise's size.
    let weight: Double

    /// A tenth of the signal: small against it, and large against single precision.
    init(_ prior: VolterraAmplifier.Prior, at input: IQSignal, seed: UInt64) {
      let size = 0.1
      let noise = prior.noise(count: input.count, seed: seed, rms: size * input.rms)
      moved = input.adding(noise, times: 1)
      answer = prior.amplifier.amplify(moved) - prior.amplifier.amplify(input)
      weight = prior.weight / (size * size)
    }
  }

  let input: IQSignal
  let output: IQSignal
  let margin: Int
  let energy: Double
  let ridge: Double
  let probe: Probe?

  private var scored: Range<Int> { margin..<output.count - margin }

  func error(of network: ConvolutionalAmplifier) -> Double {
    let own = network.amplify(input)
    var sum = (output - own).energy(in: scored) / energy
    if let probe {
      let change = network.amplify(probe.moved) - own
      sum += probe.weight * (probe.answer - change).energy(in: scored) / energy
    }
    return sum + ridge * network.parameters.reduce(0) { $0 + Double($1) * Double($1) }
  }

  /// The error as a quadratic in a step of the parameters.
  func equations(at network: ConvolutionalAmplifier) throws -> QuadraticError {
    let own = ConvolutionalJacobian(network, at: input)
    let count = network.parameters.count
    let size = count + 1
    var gram = [Double](repeating: 0, count: size * size)
    let missing = output - own.output
    try accumulate(missing, weight: 1, size, &gram) { own.write($0, stride: $1, to: &$2) }
    if let probe {
      let moved = ConvolutionalJacobian(network, at: probe.moved)
      let lacking = probe.answer - (moved.output - own.output)
      var other: [Float] = []
      try accumulate(lacking, weight: probe.weight, size, &gram) { block, stride, rows in
        if other.count != rows.count { other = [Float](repeating: 0, count: rows.count) }
        moved.write(block, stride: stride, to: &rows)
        own.write(block, stride: stride, to: &other)
        unsafe pare_add_scaled(pare_best_variant(), count * 2 * stride, -1, other, &rows)
      }
    }
    var matrix = [Double](repeating: 0, count: count * count)
    var right = [Double](repeating: 0, count: count)
    var rest = gram[size * size - 1]
    for i in 0..<count {
      let own = Double(network.parameters[i])
      for j in 0...i {
        matrix[i * count + j] = gram[i * size + j]
        matrix[j * count + i] = gram[i * size + j]
      }
      matrix[i * count + i] += ridge
      right[i] = gram[count * size + i] - ridge * own
      rest += ridge * own * own
    }
    return QuadraticError(matrix: matrix, right: right, energy: rest)
  }

  /// Adds the products of a block's rows, the target's row last, block after block.
  private func accumulate(
    _ missing: IQSignal, weight: Double, _ size: Int, _ gram: inout [Double],
    _ write: (Range<Int>, Int, inout [Float]) -> Void
  ) throws {
    let length = 2048
    var sums = [Double](repeating: 0, count: size * size)
    for start in stride(from: scored.lowerBound, to: scored.upperBound, by: length) {
      try Task.checkCancellation()
      let block = start..<min(start + length, scored.upperBound)
      let step = (block.count + 15) / 16 * 16
      var rows = [Float](repeating: 0, count: size * 2 * step)
      write(block, step, &rows)
      for (place, n) in block.enumerated() {
        rows[(size - 1) * 2 * step + place] = Float(missing.i[n])
        rows[(size - 1) * 2 * step + step + place] = Float(missing.q[n])
      }
      unsafe pare_gram_double(pare_best_variant(), size, 2 * step, rows, 2 * step, &sums)
    }
    for place in gram.indices { gram[place] += weight / energy * sums[place] }
  }
}

extension QuadraticError {
  /// With a part of every diagonal element on top of it.
  fileprivate func damped(_ damping: Double) -> QuadraticError {
    var matrix = matrix
    for k in 0..<count { matrix[k * count + k] *= 1 + damping }
    return QuadraticError(matrix: matrix, right: right, energy: energy)
  }
}
