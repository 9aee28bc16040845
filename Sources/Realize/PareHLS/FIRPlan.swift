import PareNetwork
import PareNumerics
import PareText

/// One multi-channel FIR filter of the generated code: its weights that are not zero, in the form that it computes with.
struct FIRPlan: Hashable {
  struct Tap: Hashable {
    let output: Int
    let input: Int
    /// Samples ago.
    let delay: Int
    /// In units of `2^-weightFractionBits`; not 0.
    let weight: Int64
  }

  let shape: LayerShape
  let kernel: FIRKernel
  /// In the order of outputs, inputs, delays.
  let taps: [Tap]
  /// All weights are multiples of `2^-weightFractionBits`, and one of them is an odd one.
  let weightFractionBits: Int

  /// - Parameters:
  ///   - taps: `[out][in][tap]` in units of the accumulator, per word of the input channel.
  ///   - inputs: formats of the input channels.
  ///   - layer: place in the list of FIR versions, for errors.
  init(
    _ taps: [Int64], _ shape: LayerShape, lag: Int, inputs: [WordFormat],
    accumulatorFractionBits: Int, kernel: FIRKernel?, layer: Int
  ) throws(HLSError) {
    self.shape = shape
    // A weight is `odd * 2^exponent`.
    var lowest = Int.max
    func exponent(_ tap: Int64, _ input: Int) -> Int {
      tap.trailingZeroBitCount + inputs[input].fractionBits - accumulatorFractionBits
    }
    for (position, tap) in taps.enumerated() where tap != 0 {
      lowest = min(lowest, exponent(tap, position / shape.kernelSize % shape.inputChannels))
    }
    weightFractionBits = lowest == Int.max ? 0 : -lowest
    var list: [Tap] = []
    for output in 0..<shape.outputChannels {
      for input in 0..<shape.inputChannels {
        for position in 0..<shape.kernelSize {
          let tap = taps[shape.index(output: output, input: input, tap: position)]
          guard tap != 0 else { continue }
          let odd = tap >> Int64(tap.trailingZeroBitCount)
          let places = exponent(tap, input) - lowest
          guard odd.magnitude.leadingZeroBitCount > places + 2 else {
            throw HLSError(
              .wordLength(tensor: "weights of layer \(layer)"),
              "the weights of layer \(layer) differ so much that one word cannot hold them",
              hint: "use formats of the input channels whose fraction bits differ less")
          }
          list.append(
            Tap(
              output: output, input: input, delay: lag + position * shape.dilation,
              weight: odd << Int64(places)))
        }
      }
    }
    self.taps = list
    self.kernel = kernel ?? FIRKernel(for: list.map(\.weight))
    if let tap = list.first(where: { !self.kernel.allows($0.weight) }) {
      let value = Double(tap.weight) * powerOfTwo(-weightFractionBits)
      throw HLSError(
        .kernel(layer: layer),
        "layer \(layer) cannot be computed by \(self.kernel.rawValue): its weight \(value) has more digits",
        hint: "choose 'auto' or 'multiply' for it, or quantize the weights with pot or apot")
    }
  }

  /// Samples that a delay line holds, the newest included; 0 when nothing is read.
  var depth: Int { taps.map { $0.delay + 1 }.max() ?? 0 }

  /// Bits of the longest weight, its sign included.
  var weightBits: Int {
    taps.map { 65 - (max($0.weight, ~$0.weight)).leadingZeroBitCount }.max() ?? 1
  }

  func value(_ tap: Tap) -> Double { Double(tap.weight) * powerOfTwo(-weightFractionBits) }

  /// Multiplications, which is none for shifts.
  var multiplications: Int { kernel == .multiply ? taps.count : 0 }
}
