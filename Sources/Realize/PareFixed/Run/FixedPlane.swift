import PareNetwork

/// Rows of one tensor: `[channel * stride + history + time]`, the past in front of the current chunk.
struct FixedPlane<Word: ExactWord> {
  let history: Int
  let stride: Int
  var words: [Word]

  init(rows: Int, history: Int, chunk: Int) {
    self.history = history
    stride = history + chunk
    words = Array(repeating: .zero, count: rows * stride)
  }

  mutating func clear() {
    for n in words.indices { words[n] = .zero }
  }

  mutating func keepHistory(after count: Int) {
    for base in Swift.stride(from: 0, to: words.count, by: stride) {
      for n in 0..<history { words[base + n] = words[base + count + n] }
    }
  }

  /// Terms for the channels' products `taps[channel][tap]`, the newest tap `lag` samples ago; no zeros.
  func terms(_ taps: [Int64], _ shape: LayerShape, output: Int, lag: Int) -> RowTerms<Word> {
    var terms = RowTerms<Word>()
    for input in 0..<shape.inputChannels {
      for tap in 0..<shape.kernelSize {
        let coefficient = taps[shape.index(output: output, input: input, tap: tap)]
        guard coefficient != 0 else { continue }
        terms.append(
          coefficient, offset: input * stride + history - lag - tap * shape.dilation)
      }
    }
    return terms
  }
}
