import PareNetwork
import PareNumerics

/// Delay lines and chunk buffers of one integer forward pass; a chunk stays near the processor through all layers.
struct FixedStream<Word: ExactWord> {
  private let network: FixedNetwork
  private let chunk: Int
  private var signal: FixedPlane<Word>
  /// One row for each envelope.
  private var envelopes: FixedPlane<Word>
  private let recipe: FeatureRecipe<Word>
  /// The input of each convolution, and the result of the last.
  private var planes: [FixedPlane<Word>]
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
    recipe = FeatureRecipe(network)
    let past = max(
      future, network.branch.map { $0.shape.memory + network.branchLag } ?? 0, recipe.signalPast)
    // Half the first-level cache holds a chunk of a few channels; a long history is not moved more often than it is used.
    let chunk = max(256, past, recipe.envelopePast, histories.max()!)
    self.chunk = chunk
    let signal = FixedPlane<Word>(rows: shape.inputChannels, history: past, chunk: chunk)
    envelopes = FixedPlane(
      rows: recipe.envelopes.count, history: recipe.envelopePast, chunk: chunk)
    let planes =
      network.layers.indices.map {
        FixedPlane<Word>(
          rows: network.layers[$0].shape.inputChannels, history: histories[$0], chunk: chunk)
      } + [FixedPlane(rows: shape.outputChannels, history: 0, chunk: chunk)]
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
    envelopes.clear()
    for index in planes.indices { planes[index].clear() }
    // Output sample n leaves as input sample n + futureSamples enters.
    let future = network.architecture.futureSamples
    let total = segment.count + future
    for start in stride(from: 0, to: total, by: chunk) {
      let count = min(chunk, total - start)
      for (channel, samples) in channels.enumerated() {
        load(samples, segment, from: start, count: count, to: channel)
      }
      recipe.makeEnvelopes(count, of: signal, into: &envelopes)
      recipe.makeFeatures(count, of: signal, envelopes, into: &planes[0])
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
      envelopes.keepHistory(after: count)
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
