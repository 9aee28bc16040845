#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The netlist of one module, as Yosys writes it to JSON: cells, and the bits that connect them.
public struct Netlist: Sendable, Hashable {
  /// One end of a wire: a net by its number, or a constant.
  public enum Bit: Sendable, Hashable, Decodable {
    case net(Int)
    /// `0`, `1`, `x` or `z`.
    case constant(String)

    public init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Int.self) {
        self = .net(number)
      } else {
        self = .constant(try value.decode(String.self))
      }
    }
  }

  public struct Cell: Sendable, Hashable, Decodable {
    public let type: String
    /// Bits of each port, the least significant first.
    public let connections: [String: [Bit]]
  }

  public struct Port: Sendable, Hashable, Decodable {
    public let direction: String
    public let bits: [Bit]
  }

  /// The name of the module.
  public let name: String
  /// Sorted by name.
  public let cells: [(name: String, cell: Cell)]
  public let ports: [String: Port]

  public init(name: String, cells: [String: Cell], ports: [String: Port]) {
    self.name = name
    self.cells = cells.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    self.ports = ports
  }

  /// Reads the module of that name from a file of Yosys's `write_json`.
  ///
  /// - Throws: ``ToolError`` with code `reportUnreadable` or `fileFailed`.
  public init(module: String, contentsOf path: String) throws {
    let data = try Folder(path).parent.read(Folder(path).path.lastComponent)
    let file: File
    do {
      file = try JSONDecoder().decode(File.self, from: data)
    } catch {
      throw ToolError(.reportUnreadable(path: path, reason: "not a netlist of Yosys (\(error))"))
    }
    guard let found = file.modules[module] else {
      throw ToolError(
        .reportUnreadable(
          path: path,
          reason: "no module \(module), only \(file.modules.keys.sorted().joined(separator: ", "))")
      )
    }
    self.init(name: module, cells: found.cells, ports: found.ports)
  }

  private struct File: Decodable {
    let modules: [String: Module]
  }

  private struct Module: Decodable {
    let ports: [String: Port]
    let cells: [String: Cell]
  }

  public static func == (a: Netlist, b: Netlist) -> Bool {
    a.name == b.name && a.ports == b.ports
      && a.cells.elementsEqual(b.cells) { $0.name == $1.name && $0.cell == $1.cell }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(ports)
    for (name, cell) in cells {
      hasher.combine(name)
      hasher.combine(cell)
    }
  }
}

extension String {
  var lastComponent: String { split(separator: "/").last.map(String.init) ?? self }
}
