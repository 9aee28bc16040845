import PareNetwork
import PareNumerics

/// Delay lines and chunk buffers of one integer forward pass; a chunk stays near the processor through all layers.
struct FixedStream<Word: ExactWord> {
  /// Rows of one tensor: `[channel * stride + history + time]`, the past in front of the current chunk.
  private struct Plane {
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

  private let network: FixedNetwork
  private let chunk: Int
  private var signal: Plane
  /// One row for each power of `|x|`.
  private var envelopes: Plane
  /// The input of each convolution, and the result of the last.
  private var planes: [Plane]
  /// `[layer][output]`, over the layer's plane.
  private let terms: [[RowTerms<Word>]]
  /// What the output adds from the signal: branch and skip, `[output]`.
  private let signalTerms: [RowTerms<Word>]
  /// Entries of each layer's table; none without one.
  private let tables: [[Word]]
  private let recordsPeaks: Bool
  /// Largest magnitude in the results of each convolution so far, when they are recorded.
  private(set) var peaks: [Int64]

  init(_ network: FixedNetwork, recordsPeaks: Bool = false) {
    self.network = network
    self.recordsPeaks = recordsPeaks
    let shape = network.architecture
    let last = network.layers.count - 1
    let future = shape.futureSamples
    let histories = network.layers.indices.map { index in
      network.layers[index].shape.memory + (index == last ? network.stackLag : 0)
    }
    let past = max(future, network.branch.map { $0.shape.memory + network.branchLag } ?? 0)
    // Half the first-level cache holds a chunk of a few channels; a long history is not moved more often than it is used.
    let chunk = max(256, past, histories.max()!)
    self.chunk = chunk
    let signal = Plane(rows: shape.inputChannels, history: past, chunk: chunk)
    envelopes = Plane(rows: shape.envelopeCount, history: 0, chunk: chunk)
    let planes =
      network.layers.indices.map {
        Plane(rows: network.layers[$0].shape.inputChannels, history: histories[$0], chunk: chunk)
      } + [Plane(rows: shape.outputChannels, history: 0, chunk: chunk)]
    terms = network.layers.enumerated().map { index, layer in
      (0..<layer.shape.outputChannels).map {
        planes[index].terms(
          layer.taps, layer.shape, output: $0, lag: index == last ? network.stackLag : 0)
      }
    }
    signalTerms = (0..<shape.outputChannels).map { output in
      var terms = RowTerms<Word>()
      if let branch = network.branch {
        terms += signal.terms(branch.taps, branch.shape, output: output, lag: network.branchLag)
      }
      if shape.hasSkip {
        terms.append(
          network.skipTap, offset: output * signal.stride + signal.history - future)
      }
      return terms
    }
    tables = network.layers.map {
      guard case .lookup(let table) = $0.activation else { return [] }
      return table.values.map { Word(word: $0) }
    }
    self.signal = signal
    self.planes = planes
    peaks = Array(repeating: 0, count: network.layers.count)
  }

  /// One segment from zero state.
  mutating func run(_ segment: Range<Int>, of channels: [[Int64]], into outputs: inout [[Int64]]) {
    signal.clear()
    for index in planes.indices { planes[index].clear() }
    // Output sample n leaves as input sample n + futureSamples enters.
    let future = network.architecture.futureSamples
    let total = segment.count + future
    for start in stride(from: 0, to: total, by: chunk) {
      let count = min(chunk, total - start)
      for (channel, samples) in channels.enumerated() {
        load(samples, segment, from: start, count: count, to: channel)
      }
      makeFeatures(count)
      for index in network.layers.indices { runLayer(index, count) }
      // The first results are of samples before the segment.
      let early = max(0, future - start)
      if early < count {
        for channel in outputs.indices {
          store(
            from: channel * planes[planes.count - 1].stride + early, count: count - early,
            to: &outputs[channel], at: segment.lowerBound + start + early - future)
        }
      }
      signal.keepHistory(after: count)
      for index in network.layers.indices { planes[index].keepHistory(after: count) }
    }
  }

  /// Puts samples of one channel, and zeros after its last, behind the history.
  private mutating func load(
    _ samples: [Int64], _ segment: Range<Int>, from start: Int, count: Int, to channel: Int
  ) {
    let base = channel * signal.stride + signal.history
    let known = min(max(segment.count - start, 0), count)
    unsafe signal.words.withUnsafeMutableBufferPointer { words in
      let row = unsafe words.baseAddress! + base
      if known > 0 {
        unsafe samples.withUnsafeBufferPointer {
          unsafe Word.load($0.baseAddress! + (segment.lowerBound + start), to: row, count: known)
        }
      }
      for n in known..<count { unsafe row[n] = .zero }
    }
  }

  /// Copies results of the last layer to an output channel.
  private func store(from first: Int, count: Int, to channel: inout [Int64], at time: Int) {
    unsafe channel.withUnsafeMutableBufferPointer { channel in
      unsafe planes[planes.count - 1].words.withUnsafeBufferPointer {
        unsafe Word.store(
          $0.baseAddress! + first, to: channel.baseAddress! + time, count: count)
      }
    }
  }

  private mutating func makeFeatures(_ count: Int) {
    makeEnvelopes(count)
    let input = network.inputFormat
    var products = network.features.products[...]
    // Taken out of the array, so that rows can be written while others are read.
    var rows: [Word] = []
    swap(&rows, &planes[0].words)
    for (row, feature) in network.architecture.features.enumerated() {
      let to = row * planes[0].stride + planes[0].history
      let carrier = feature.channel.map { $0 * signal.stride + signal.history }
      let power = feature.envelopePower / 2 - 1
      let envelope = power * envelopes.stride
      guard let carrier else {
        for n in 0..<count { rows[to + n] = envelopes.words[envelope + n] }
        continue
      }
      guard feature.isProduct else {
        unsafe rows.withUnsafeMutableBufferPointer { target in
          unsafe signal.words.withUnsafeBufferPointer {
            unsafe (target.baseAddress! + to).update(from: $0.baseAddress! + carrier, count: count)
          }
        }
        continue
      }
      let bits = input.fractionBits + network.features.envelopes[power].format.fractionBits
      let product = products.removeFirst()
      unsafe rows.withUnsafeMutableBufferPointer { target in
        let target = unsafe target.baseAddress! + to
        unsafe signal.words.withUnsafeBufferPointer { x in
          unsafe envelopes.words.withUnsafeBufferPointer { e in
            unsafe Word.multiply(
              x.baseAddress! + carrier, e.baseAddress! + envelope, plusSquareOf: nil, to: target,
              count: count)
          }
        }
        unsafe Word.requantize(target, by: product, fractionBits: bits, count: count)
      }
    }
    swap(&rows, &planes[0].words)
  }

  /// `|x|^2` from the signal, and every further power as the one before it times that.
  private mutating func makeEnvelopes(_ count: Int) {
    let stride = envelopes.stride
    let (i, q) = (signal.history, signal.stride + signal.history)
    var bits = 2 * network.inputFormat.fractionBits
    var rows: [Word] = []
    swap(&rows, &envelopes.words)
    for (power, requantizer) in network.features.envelopes.enumerated() {
      unsafe rows.withUnsafeMutableBufferPointer { rows in
        let first = rows.baseAddress!
        let target = unsafe first + power * stride
        if power == 0 {
          unsafe signal.words.withUnsafeBufferPointer { x in
            let x = x.baseAddress!
            unsafe Word.multiply(x + i, x + i, plusSquareOf: x + q, to: target, count: count)
          }
        } else {
          unsafe Word.multiply(
            first + (power - 1) * stride, first, plusSquareOf: nil, to: target, count: count)
        }
        unsafe Word.requantize(target, by: requantizer, fractionBits: bits, count: count)
      }
      bits = requantizer.format.fractionBits + network.features.envelopes[0].format.fractionBits
    }
    swap(&rows, &envelopes.words)
  }

  private mutating func runLayer(_ index: Int, _ count: Int) {
    let layer = network.layers[index]
    let isOutput = index == network.layers.count - 1
    // Taken out of the array, so that it can be written while its neighbour is read.
    var result: [Word] = []
    swap(&result, &planes[index + 1].words)
    let plane = planes[index + 1]
    var peak: Int64 = 0
    unsafe result.withUnsafeMutableBufferPointer { rows in
      for output in 0..<layer.shape.outputChannels {
        let row = unsafe rows.baseAddress! + output * plane.stride + plane.history
        let bias = Word(word: layer.biases[output])
        unsafe row.update(repeating: bias, count: count)
        unsafe planes[index].words.withUnsafeBufferPointer { x in
          unsafe Word.accumulate(terms[index][output], of: x.baseAddress!, to: row, count: count)
        }
        if isOutput {
          unsafe signal.words.withUnsafeBufferPointer { x in
            unsafe Word.accumulate(signalTerms[output], of: x.baseAddress!, to: row, count: count)
          }
        }
        unsafe Word.activate(
          row, by: layer.activation, table: tables[index],
          fractionBits: layer.accumulatorFractionBits, count: count)
        if case .lookup = layer.activation {
          // A table's entries are words of the result already.
        } else {
          unsafe Word.requantize(
            row, by: layer.result, fractionBits: layer.activeFractionBits, count: count)
        }
        guard recordsPeaks else { continue }
        for n in 0..<count { peak = unsafe max(peak, Int64(row[n].word.magnitude)) }
      }
    }
    swap(&result, &planes[index + 1].words)
    peaks[index] = max(peaks[index], peak)
  }
}
