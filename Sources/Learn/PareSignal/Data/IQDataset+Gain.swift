/// The complex factor g that brings g * x closest to y: `<x, y> / <x, x>`.
///
/// - Precondition: equal lengths, and `x` is not silent.
public func leastSquaresGain(from x: IQSignal, to y: IQSignal) -> Complex {
  let inner = innerProduct(x, y)
  let energy = x.energy()
  precondition(energy > 0, "no gain from a silent signal")
  return Complex(inner.re / energy, inner.im / energy)
}

/// `sum conj(x) * y`.
func innerProduct(_ x: IQSignal, _ y: IQSignal) -> Complex {
  precondition(x.count == y.count, "\(x.count) samples against \(y.count)")
  var re = 0.0
  var im = 0.0
  for n in 0..<x.count {
    re += x.i[n] * y.i[n] + x.q[n] * y.q[n]
    im += x.i[n] * y.q[n] - x.q[n] * y.i[n]
  }
  return Complex(re, im)
}

/// Magnitude of the normalized inner product, 0...1; 0 when a signal is silent.
func correlation(_ x: IQSignal, _ y: IQSignal) -> Double {
  let scale = (x.energy() * y.energy()).squareRoot()
  return scale > 0 ? innerProduct(x, y).magnitude / scale : 0
}

extension IQDataset {
  /// Complex gain of the amplifier by least squares over the training split; what training divides the output by.
  public var leastSquaresGain: Complex {
    PareSignal.leastSquaresGain(from: training.input, to: training.output)
  }

  /// Largest output magnitude over largest input magnitude of the training split: the linear amplifier that reaches the
  /// measured peak, which metrics of an uncorrected or corrected output take as reference.
  public var peakGain: Double { training.output.peak / training.input.peak }
}
