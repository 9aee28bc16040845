import PareDatapath
import PareNumerics

/// How the channels of a graph share the data of an AXI4-Stream: each in a slot of whole bytes, the first one lowest.
struct StreamLayout {
  struct Slot {
    let port: String
    let format: WordFormat
    /// Lowest bit of the slot.
    let low: Int
    let bits: Int

    /// Highest bit of the word in the slot; the bits above repeat the sign, or are 0 for an unsigned word.
    var high: Int { low + format.wordLength - 1 }
    var padding: Int { bits - format.wordLength }
  }

  let slots: [Slot]
  var bits: Int { slots.last.map { $0.low + $0.bits } ?? 0 }

  init(_ ports: [String], _ formats: [WordFormat]) {
    var low = 0
    slots = zip(ports, formats).map { port, format in
      let bits = (format.wordLength + 7) / 8 * 8
      defer { low += bits }
      return Slot(port: port, format: format, low: low, bits: bits)
    }
  }

  static func inputs(of datapath: Datapath) -> StreamLayout {
    StreamLayout(datapath.inputs, datapath.inputFormats)
  }

  static func outputs(of datapath: Datapath) -> StreamLayout {
    StreamLayout(datapath.outputs.map(\.name), datapath.outputFormats)
  }
}
