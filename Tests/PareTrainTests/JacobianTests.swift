import CPareKernels
import PareNetwork
import PareNumerics
import Testing

@testable import PareTrain

@Suite struct `Jacobians` {
  /// Any residual is half the slope of its own square: that of a frame of one output with the other targets left out.
  /// So squared residuals of the double-precision twin, frame by frame, give every entry up to the output's number; summed
  /// over outputs they must equal `2 * sum of e * J`.
  @Test(arguments: `Gradients`.architectures)
  func `times residuals equal central differences of a double-precision twin`(
    architecture: Architecture
  ) throws {
    let set = `Gradients`.set(for: architecture)
    let signal = try TrainingSignal(set, for: architecture, named: "training")
    let network = `Gradients`.network(architecture)
    let engine = JacobianEngine(network, free: FreeParameters(allOf: network))
    let flat = zip(network.layers.map(\.weights), network.layers.map(\.biases)).flatMap { $0 + $1 }
    let offsets = network.layers.indices.map { layer in
      network.layers[..<layer].reduce(0) { $0 + $1.weights.count + $1.biases.count }
    }
    func position(_ place: FreeParameter.Place) -> Int {
      offsets[place.layer] + place.index
        + (place.isBias ? network.layers[place.layer].weights.count : 0)
    }
    let scale = Double(architecture.outputChannels) * signal.targetPower
    for range in signal.usable {
      let frame = Frame(start: range.lowerBound, count: min(21, range.count))
      let jacobian = engine.jacobian(on: signal, frame)
      let residuals = engine.residuals(on: signal, frame)
      for time in [0, frame.count / 2, frame.count - 1] {
        let one = Frame(start: frame.start + time, count: 1)
        func error(_ moved: [Double]) -> Double {
          `Gradients`.error(architecture, moved, on: set, [one]) * scale
        }
        var products = Array(repeating: 0.0, count: engine.parameters.count)
        for output in 0..<architecture.outputChannels {
          let residual = 2 * Double(residuals[output][time])
          for n in products.indices { products[n] += residual * Double(jacobian[output][n][time]) }
        }
        let largest: Double = products.reduce(1e-3) { max($0, $1.magnitude) }
        for (n, parameter) in engine.parameters.enumerated() {
          // Small enough that hardly any rectifier changes sides, large enough for doubles.
          let h = 1e-6
          var above = flat.map(Double.init)
          var below = above
          for (place, isNegated) in [(parameter.place, false)] + parameter.followers {
            above[position(place)] += isNegated ? -h : h
            below[position(place)] -= isNegated ? -h : h
          }
          let slope = (error(above) - error(below)) / (2 * h)
          // A dozen float products of which each is off by 6e-8.
          #expect(abs(products[n] - slope) < 1e-5 * largest, "\(parameter.place) at \(time)")
        }
      }
    }
  }

  @Test(arguments: `Gradients`.architectures)
  func `sums equal those of their columns in double`(architecture: Architecture) throws {
    let set = `Gradients`.set(for: architecture)
    let signal = try TrainingSignal(set, for: architecture, named: "training")
    let network = `Gradients`.network(architecture)
    let engine = JacobianEngine(network, free: FreeParameters(allOf: network))
    let frames = signal.allFrames(ofLength: 50)
    let sums = engine.linearizedError(on: signal, frames)
    let count = engine.parameters.count
    var matrix = Array(repeating: 0.0, count: count * count)
    var gradient = Array(repeating: 0.0, count: count)
    var square = 0.0
    for frame in frames {
      let jacobian = engine.jacobian(on: signal, frame)
      for (rows, residual) in zip(jacobian, engine.residuals(on: signal, frame)) {
        for t in 0..<frame.count {
          let e = Double(residual[t])
          square += e * e
          for i in 0..<count where rows[i][t] != 0 {
            gradient[i] += Double(rows[i][t]) * e
            for j in 0..<count { matrix[i * count + j] += Double(rows[i][t]) * Double(rows[j][t]) }
          }
        }
      }
    }
    // Float sums over at most 50 outputs in 16 lanes: each relative to the norms of its two factors.
    let norms = (0..<count).map { matrix[$0 * count + $0].squareRoot() }
    for i in 0..<count {
      #expect(abs(sums.gradient[i] - gradient[i]) <= 1e-6 * norms[i] * square.squareRoot())
      for j in 0..<count {
        #expect(
          abs(sums.matrix[i * count + j] - matrix[i * count + j]) <= 1e-6 * norms[i] * norms[j])
      }
    }
    #expect(abs(sums.squaredError - square) <= 1e-6 * square)
    #expect(abs(engine.squaredError(on: signal, frames) - square) <= 1e-6 * square)
  }

  @Test(arguments: [1, 3, 4, 11, 18])
  func `products of rows have the same bits on every instruction set`(rows: Int) {
    var random = RandomStream(seed: 4)
    let (stride, count) = (64, 48)
    let x = (0..<(rows + Int(PARE_GRAM_PADDING)) * stride).map { _ in Float(random.normal()) }
    let lags = [0, 3, 7]
    var results: [[UInt64]] = []
    for number in 0..<UInt32(PARE_VARIANT_COUNT) {
      let variant = pare_variant(rawValue: number)
      guard pare_variant_is_available(variant) else { continue }
      var gram = Array(repeating: 0.25, count: rows * rows)
      unsafe pare_gram(variant, rows, count, x, stride, &gram)
      var sums = Array(repeating: 0.5, count: rows)
      unsafe pare_row_products(variant, rows, count, x, stride, x, &sums)
      for row in 0..<rows { #expect(sums[row] - 0.5 == gram[row * rows] - 0.25 || row == 0) }
      var y = Array(repeating: Float(0), count: 16)
      unsafe x.withUnsafeBufferPointer {
        unsafe pare_varying_filter(
          variant, 16, 3, $0.baseAddress! + 20, 16, lags, $0.baseAddress! + 10, &y)
      }
      var slope = y
      unsafe pare_step_slope(variant, 16, -0.5, 0.5, 0.125, y, &slope)
      for t in 0..<16 { #expect(slope[t] == (abs(y[t]) < 0.5 ? 1 : 0.125)) }
      unsafe pare_add_scaled(variant, 16, 0.3, x, &y)
      unsafe pare_multiply(variant, 16, slope, &y)
      unsafe pare_subtract_scaled(variant, rows, 0.1, gram, &sums)
      results.append(
        gram.map(\.bitPattern) + sums.map(\.bitPattern) + y.map { UInt64($0.bitPattern) })
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }
}
