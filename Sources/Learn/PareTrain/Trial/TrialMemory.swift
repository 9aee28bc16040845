import CPareKernels
import PareNetwork

/// Every row that a trial reads or writes, in one buffer.
///
/// Two rows are added by a convolution with one tap over two channels, which needs the first to lie before the second. The
/// regions stand in the order that makes that true for all pairs a trial adds: sums before activation, scratch sums,
/// changes, scratch signals, then signals.
final class TrialMemory {
  let frames: [Frame]
  /// Floats from one row to the next.
  let stride: Int
  let buffer: FloatBuffer
  /// Output samples that one frame output needs of each convolution of the stack.
  let extra: [Int]

  /// First row of each layer's sums before activation, that of the network's output last; one block per frame.
  private let sums: [Int]
  private let sumRows: Int
  private let signals: [Int]
  private let signalRows: Int
  private let firstSignal: Int
  private let scratch: Int
  private let widest: Int

  init(_ architecture: Architecture, _ frames: [Frame]) {
    self.frames = frames
    let shapes = architecture.layerShapes
    let stack = architecture.convolutions
    var extra = Array(repeating: 0, count: stack)
    for layer in (0..<stack).dropLast().reversed() {
      extra[layer] = extra[layer + 1] + shapes[layer + 1].memory
    }
    self.extra = extra
    let longest = frames.map(\.count).max() ?? 0
    // A vector beyond the end may be read, never used.
    stride = (longest + architecture.receptiveField + 2 * PARE_LANES + 15) / 16 * 16
    var next = 0
    var sums: [Int] = []
    for shape in shapes.prefix(stack) {
      sums.append(next)
      next += shape.outputChannels
    }
    self.sums = sums
    sumRows = next
    // Features, hidden signals, then the network's input as the branch sees it, and the target.
    next = 0
    var signals: [Int] = []
    let widths =
      [architecture.features.count] + architecture.hiddenChannels
      + [architecture.inputChannels, architecture.outputChannels]
    for width in widths {
      signals.append(next)
      next += width
    }
    self.signals = signals
    signalRows = next
    widest = ([architecture.outputChannels] + architecture.hiddenChannels).max()!
    scratch = sumRows * frames.count
    // Two partial sums, five banks of the functions below, ones.
    firstSignal = scratch + 2 + 5 * widest + 1
    buffer = FloatBuffer(count: (firstSignal + signalRows * frames.count) * stride + PARE_LANES)
    for sample in 0..<stride { buffer[onesRow * stride + sample] = 1 }
  }

  private var onesRow: Int { firstSignal - 1 }

  private func row(_ index: Int) -> UnsafeMutablePointer<Float> {
    unsafe buffer.base + index * stride
  }

  /// Sums of a layer's channel before its activation; of the last convolution the network's output.
  func sum(_ frame: Int, _ layer: Int, _ channel: Int) -> UnsafeMutablePointer<Float> {
    unsafe row(frame * sumRows + sums[layer] + channel)
  }

  /// Input of a layer of the stack; `convolutions` is the input of the branch, one more the target.
  func signal(_ frame: Int, _ layer: Int, _ channel: Int) -> UnsafeMutablePointer<Float> {
    unsafe row(firstSignal + frame * signalRows + signals[layer] + channel)
  }

  /// One of two rows for sums in progress.
  func partial(_ index: Int) -> UnsafeMutablePointer<Float> { unsafe row(scratch + index) }

  /// What a trial adds to a layer's channel.
  func addition(_ channel: Int) -> UnsafeMutablePointer<Float> {
    unsafe row(scratch + 2 + channel)
  }

  /// A changed signal, in one of two banks.
  func changed(_ bank: Int, _ channel: Int) -> UnsafeMutablePointer<Float> {
    unsafe row(scratch + 2 + (1 + bank) * widest + channel)
  }

  /// Its difference from the signal, in one of two banks.
  func difference(_ bank: Int, _ channel: Int) -> UnsafeMutablePointer<Float> {
    unsafe row(scratch + 2 + (3 + bank) * widest + channel)
  }

  var ones: UnsafeMutablePointer<Float> { unsafe row(onesRow) }
}
