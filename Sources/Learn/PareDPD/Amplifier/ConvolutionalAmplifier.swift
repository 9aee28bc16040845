import CPareKernels
public import PareSignal

/// A small convolutional network over I, Q and `|x|^2`, beside a linear filter:
///
///     h_c(n) = tanh(b_c + sum over f, k of W[c][f][k] s_f(n + a - k)),   s = I, Q, |x|^2
///     y_o(n) = sum over c, k of V[o][c][k] h_c(n + d - k) + (sum over k of g_k x(n + e - k))_o
///
/// with the look-aheads a, d, e of its ``Shape``. Computed in single precision, the same bits on every machine; the signal is
/// zero outside its samples.
public struct ConvolutionalAmplifier: DifferentiableAmplifier, Hashable {
  /// Sizes of such a network. Look-aheads are samples of the future that a convolution sees.
  public struct Shape: Hashable, Sendable, Codable {
    /// Units with a hyperbolic tangent.
    public var hidden: Int
    public var inputTaps: Int
    public var inputAhead: Int
    public var outputTaps: Int
    public var outputAhead: Int
    /// Complex taps of the linear filter.
    public var filterTaps: Int
    public var filterAhead: Int

    public init(
      hidden: Int = 8, inputTaps: Int = 5, inputAhead: Int = 2, outputTaps: Int = 5,
      outputAhead: Int = 2, filterTaps: Int = 15, filterAhead: Int = 5
    ) {
      self.hidden = hidden
      self.inputTaps = inputTaps
      self.inputAhead = inputAhead
      self.outputTaps = outputTaps
      self.outputAhead = outputAhead
      self.filterTaps = filterTaps
      self.filterAhead = filterAhead
    }

    /// Whether every size is from 1 to 256 and every look-ahead inside its taps.
    public var isSound: Bool {
      (1...256).contains(hidden)
        && [(inputTaps, inputAhead), (outputTaps, outputAhead), (filterTaps, filterAhead)]
          .allSatisfy { (1...256).contains($0) && (0..<$0).contains($1) }
    }

    static let features = 3

    /// Where the parameters of each kind start, in the order of ``ConvolutionalAmplifier/parameters``.
    var biasStart: Int { hidden * Self.features * inputTaps }
    var outputStart: Int { biasStart + hidden }
    var filterStart: Int { outputStart + 2 * hidden * outputTaps }
    public var parameterCount: Int { filterStart + 2 * filterTaps }
  }

  public let name: String
  public let shape: Shape
  /// `W [hidden][3][inputTaps]`, `b [hidden]`, `V [2][hidden][outputTaps]`, then real and imaginary parts of `g`.
  public let parameters: [Float]

  /// - Precondition: a sound shape, as many parameters as it has, all finite.
  public init(name: String, shape: Shape, parameters: [Float]) {
    precondition(shape.isSound, "\(shape)")
    precondition(
      parameters.count == shape.parameterCount,
      "\(parameters.count) parameters, not \(shape.parameterCount)")
    precondition(parameters.allSatisfy(\.isFinite), "a parameter that is not finite")
    self.name = name
    self.shape = shape
    self.parameters = parameters
  }

  public func amplify(_ input: IQSignal) -> IQSignal { run(input).output }

  public func tangent(at input: IQSignal) -> any AmplifierTangent {
    let (output, hidden) = run(input)
    return ConvolutionalTangent(amplifier: self, input: input, output: output, hidden: hidden)
  }

  /// The output, and the hidden units over the samples that the output convolution reads: `[hidden][count + outputTaps - 1]`.
  func run(_ input: IQSignal) -> (output: IQSignal, hidden: [Float]) {
    let width = input.count + shape.outputTaps - 1
    var hidden = [Float](repeating: 0, count: shape.hidden * width)
    let biases = Array(parameters[shape.biasStart..<shape.outputStart])
    var sizes = inputSizes(count: input.count)
    unsafe pare_conv1d_activated(
      pare_best_variant(), &sizes, width, features(of: input), parameters, biases, PARE_TANH, 0,
      &hidden)
    return (sum(of: hidden, and: input), hidden)
  }

  /// I, Q and `|x|^2` with the zeros that the convolutions read: `[3][count + inputTaps + outputTaps - 2]`.
  func features(of x: IQSignal) -> [Float] {
    features(count: x.count) { n in
      (x.i[n], x.q[n], x.i[n] * x.i[n] + x.q[n] * x.q[n])
    }
  }

  func features(count: Int, _ value: (Int) -> (Double, Double, Double)) -> [Float] {
    let width = count + shape.inputTaps + shape.outputTaps - 2
    let front = shape.inputTaps - 1 - shape.inputAhead + shape.outputTaps - 1 - shape.outputAhead
    var features = [Float](repeating: 0, count: Shape.features * width)
    for n in 0..<count {
      let (i, q, square) = value(n)
      features[front + n] = Float(i)
      features[width + front + n] = Float(q)
      features[2 * width + front + n] = Float(square)
    }
    return features
  }

  func inputSizes(count: Int) -> pare_conv1d {
    pare_conv1d(
      output_channels: shape.hidden, input_channels: Shape.features, kernel_size: shape.inputTaps,
      dilation: 1, input_stride: count + shape.inputTaps + shape.outputTaps - 2,
      output_stride: count + shape.outputTaps - 1)
  }

  /// The output convolution of hidden signals plus the linear filter of a signal.
  func sum(of hidden: [Float], and x: IQSignal) -> IQSignal {
    let count = x.count
    guard count > 0 else { return x }
    var y = [Float](repeating: 0, count: 2 * count)
    var sizes = pare_conv1d(
      output_channels: 2, input_channels: shape.hidden, kernel_size: shape.outputTaps, dilation: 1,
      input_stride: count + shape.outputTaps - 1, output_stride: count)
    let weights = Array(parameters[shape.outputStart..<shape.filterStart])
    unsafe pare_conv1d_forward(
      pare_best_variant(), &sizes, count, hidden, weights, nil, &y)

    let taps = shape.filterTaps
    let width = count + taps - 1
    let front = taps - 1 - shape.filterAhead
    var samples = [Float](repeating: 0, count: 2 * width)
    for n in 0..<count {
      samples[front + n] = Float(x.i[n])
      samples[width + front + n] = Float(x.q[n])
    }
    let real = Array(parameters[shape.filterStart..<shape.filterStart + taps])
    let imaginary = Array(parameters[(shape.filterStart + taps)...])
    let filter = real + imaginary.map { -$0 } + imaginary + real
    var linear = [Float](repeating: 0, count: 2 * count)
    sizes = pare_conv1d(
      output_channels: 2, input_channels: 2, kernel_size: taps, dilation: 1, input_stride: width,
      output_stride: count)
    unsafe pare_conv1d_forward(
      pare_best_variant(), &sizes, count, samples, filter, nil, &linear)
    return IQSignal(
      i: (0..<count).map { Double(y[$0]) + Double(linear[$0]) },
      q: (count..<2 * count).map { Double(y[$0]) + Double(linear[$0]) })
  }
}

/// The derivative of a ``ConvolutionalAmplifier`` at one drive.
private struct ConvolutionalTangent: AmplifierTangent {
  let amplifier: ConvolutionalAmplifier
  let input: IQSignal
  let output: IQSignal
  let hidden: [Float]

  func derivative(along direction: IQSignal) -> IQSignal {
    let count = input.count
    precondition(direction.count == count, "\(direction.count) samples along \(count)")
    guard count > 0 else { return direction }
    let change = amplifier.features(count: count) { n in
      let (i, q) = (direction.i[n], direction.q[n])
      return (i, q, 2 * (input.i[n] * i + input.q[n] * q))
    }
    let width = count + amplifier.shape.outputTaps - 1
    var moved = [Float](repeating: 0, count: hidden.count)
    var sizes = amplifier.inputSizes(count: count)
    unsafe pare_conv1d_forward(
      pare_best_variant(), &sizes, width, change, amplifier.parameters, nil, &moved)
    unsafe pare_tanh_gradient(pare_best_variant(), hidden.count, hidden, &moved)
    return amplifier.sum(of: moved, and: direction)
  }
}
