import CPareKernels
public import PareSignal

/// A gated recurrent unit on six features of the signal, plus a small dilated convolution beside it.
///
/// The features of a sample are `i, q, |x|, |x|^3` and `i, q` of the next sample (of the first, at the end). Computed in
/// single precision, the same bits on every machine.
///
/// - Source: TRes-GRU of OpenDPD 2.4.2, `backbones/tres_gru.py`, as frozen for its benchmark.
public struct ResidualGRUAmplifier: DifferentiableAmplifier {
  public let name: String
  /// Size of the state.
  public let hidden: Int
  let gate: Int
  let inputWeights: [Float]
  let recurrentWeights: [Float]
  let branch: DilatedBranch

  static let features = 6

  /// - Parameters:
  ///   - inputWeights: `[3 * hidden][6]`, gates r, z, n.
  ///   - recurrentWeights: `[3 * hidden][hidden]`, gates r, z, n.
  ///   - outputWeights: `[2][hidden]`.
  ///   - first: `[3][2][3]`, the dilated convolution. second: `[2][3]`.
  /// - Precondition: the sizes agree, and `hidden` is from 1 to 126.
  public init(
    name: String, hidden: Int, inputWeights: [Float], recurrentWeights: [Float],
    outputWeights: [Float], first: [Float], second: [Float]
  ) {
    let features = Self.features
    precondition((1...126).contains(hidden), "a state of \(hidden)")
    precondition(
      inputWeights.count == 3 * hidden * features && recurrentWeights.count == 3 * hidden * hidden
        && outputWeights.count == 2 * hidden && first.count == 18 && second.count == 6,
      "sizes of weights: \([inputWeights, recurrentWeights, outputWeights].map(\.count))")
    let block = Int(PARE_GATE_BLOCK)
    let gate = (hidden + 2 + block - 1) / block * block
    let column = 3 * gate
    var columns = [Float](repeating: 0, count: features * column)
    var state = [Float](repeating: 0, count: hidden * column)
    for part in 0..<3 {
      for row in 0..<hidden {
        let (from, to) = (part * hidden + row, part * gate + row)
        for f in 0..<features { columns[f * column + to] = inputWeights[from * features + f] }
        for j in 0..<hidden { state[j * column + to] = recurrentWeights[from * hidden + j] }
      }
    }
    for output in 0..<2 {
      let to = 2 * gate + hidden + output
      for j in 0..<hidden { state[j * column + to] = outputWeights[output * hidden + j] }
    }
    self.name = name
    self.hidden = hidden
    self.gate = gate
    self.inputWeights = columns
    self.recurrentWeights = state
    branch = DilatedBranch(first: first.map(Double.init), second: second.map(Double.init))
  }

  /// Reads the weights of a `TResGRU` checkpoint.
  ///
  /// - Throws: ``PredistortionError``.
  public init(name: String, weights archive: NumpyArchive) throws {
    let output = try archive.array("backbone.fc_out.weight", shape: [2, -1])
    let hidden = output.shape[1]
    guard (1...126).contains(hidden) else {
      throw PredistortionError(
        .badShape(
          path: archive.path, name: "backbone.fc_out.weight", shape: output.shape,
          expected: "[2, 1...126]"))
    }
    self.init(
      name: name, hidden: hidden,
      inputWeights: try archive.array(
        "backbone.rnn.weight_ih_l0", shape: [3 * hidden, Self.features]
      ).values,
      recurrentWeights: try archive.array(
        "backbone.rnn.weight_hh_l0", shape: [3 * hidden, hidden]
      ).values,
      outputWeights: output.values,
      first: try archive.array("backbone.tcn.0.weight", shape: [3, 2, 3]).values,
      second: try archive.array("backbone.tcn.2.weight", shape: [2, 3, 1]).values)
  }

  public func amplify(_ input: IQSignal) -> IQSignal { run(input, keepingTrace: false).output }

  public func tangent(at input: IQSignal) -> any AmplifierTangent {
    let (output, trace) = run(input, keepingTrace: true)
    return ResidualGRUTangent(amplifier: self, input: input, output: output, trace: trace)
  }

  private func run(_ input: IQSignal, keepingTrace: Bool) -> (output: IQSignal, trace: [Float]) {
    let n = input.count
    var features = [Float](repeating: 0, count: n * Self.features)
    for t in 0..<n {
      let (i, q) = (input.i[t], input.q[t])
      let next = t + 1 < n ? t + 1 : 0
      let amplitude = (i * i + q * q).squareRoot()
      let at = t * Self.features
      features[at] = Float(i)
      features[at + 1] = Float(q)
      features[at + 2] = Float(amplitude)
      features[at + 3] = Float(amplitude * amplitude * amplitude)
      features[at + 4] = Float(input.i[next])
      features[at + 5] = Float(input.q[next])
    }
    var trace = [Float](repeating: 0, count: keepingTrace ? n * 5 * gate : 0)
    var y = [Float](repeating: 0, count: 2 * n)
    unsafe withLayer { layer in
      if keepingTrace {
        unsafe pare_gru(pare_best_variant(), layer, n, features, &trace, &y)
      } else {
        unsafe pare_gru(pare_best_variant(), layer, n, features, nil, &y)
      }
    }
    return (branch.added(to: y, at: input), trace)
  }

  func withLayer(_ body: (UnsafePointer<pare_gru_layer>) -> Void) {
    unsafe inputWeights.withUnsafeBufferPointer { input in
      unsafe recurrentWeights.withUnsafeBufferPointer { recurrent in
        var layer = unsafe pare_gru_layer(
          hidden: hidden, gate: gate, features: Self.features, input_weights: input.baseAddress!,
          recurrent_weights: recurrent.baseAddress!)
        unsafe body(&layer)
      }
    }
  }
}

/// The derivative of a ``ResidualGRUAmplifier`` at one drive.
struct ResidualGRUTangent: AmplifierTangent {
  let amplifier: ResidualGRUAmplifier
  let input: IQSignal
  let output: IQSignal
  let trace: [Float]

  func derivative(along direction: IQSignal) -> IQSignal {
    let n = input.count
    precondition(direction.count == n, "\(direction.count) samples along \(n)")
    var features = [Float](repeating: 0, count: n * ResidualGRUAmplifier.features)
    for t in 0..<n {
      let (i, q) = (input.i[t], input.q[t])
      let (di, dq) = (direction.i[t], direction.q[t])
      let next = t + 1 < n ? t + 1 : 0
      let square = i * i + q * q
      let amplitude = square.squareRoot()
      // The magnitude has no derivative at 0; its cube has 0 there.
      let slope = amplitude > 0 ? (i * di + q * dq) / amplitude : 0
      let at = t * ResidualGRUAmplifier.features
      features[at] = Float(di)
      features[at + 1] = Float(dq)
      features[at + 2] = Float(slope)
      features[at + 3] = Float(3 * square * slope)
      features[at + 4] = Float(direction.i[next])
      features[at + 5] = Float(direction.q[next])
    }
    var dy = [Float](repeating: 0, count: 2 * n)
    unsafe amplifier.withLayer { layer in
      unsafe pare_gru_derivative(pare_best_variant(), layer, n, trace, features, &dy)
    }
    return amplifier.branch.derivative(added: dy, at: input, along: direction)
  }
}
