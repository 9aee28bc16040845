import PareTools

/// One name for each net of a netlist: that of a port, else one of the source, else one that the tool made up.
///
/// A bit of a word is `name[3]`. Among names of one kind the shortest wins, then the first in the alphabet.
struct NetNames: Sendable {
  struct Name: Hashable, Sendable {
    let text: String
    /// Of the source, not made up by the tool.
    let isOfSource: Bool
  }

  private let names: [Int: Name]

  init(_ netlist: Netlist) {
    var found: [Int: (rank: Int, text: String)] = [:]
    func offer(_ bits: [Netlist.Bit], _ name: String, offset: Int, rank: Int) {
      for (index, bit) in bits.enumerated() {
        guard let number = bit.number else { continue }
        let text = bits.count == 1 ? name : "\(name)[\(offset + index)]"
        if let old = found[number] {
          guard
            (rank, text.utf8.count, text) < (old.rank, old.text.utf8.count, old.text)
          else { continue }
        }
        found[number] = (rank, text)
      }
    }
    for (name, port) in netlist.ports {
      offer(port.bits, name, offset: netlist.names[name]?.offset ?? 0, rank: 0)
    }
    for (name, entry) in netlist.names {
      offer(entry.bits, name, offset: entry.offset, rank: entry.isHidden ? 2 : 1)
    }
    names = found.mapValues { Name(text: $0.text, isOfSource: $0.rank < 2) }
  }

  /// The name of a net by its number in the netlist.
  subscript(number: Int) -> Name {
    names[number] ?? Name(text: "net\(number)", isOfSource: false)
  }
}
