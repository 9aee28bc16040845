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
    /// Words of `0`, `1`, `x` and `z`, the most significant first, and texts.
    public let parameters: [String: String]

    public init(
      type: String, connections: [String: [Bit]], parameters: [String: String] = [:]
    ) {
      self.type = type
      self.connections = connections
      self.parameters = parameters
    }

    private enum CodingKeys: String, CodingKey { case type, connections, parameters }

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      type = try values.decode(String.self, forKey: .type)
      connections = try values.decode([String: [Bit]].self, forKey: .connections)
      parameters =
        try values.decodeIfPresent([String: Parameter].self, forKey: .parameters)?
        .mapValues(\.text) ?? [:]
    }

    /// Yosys writes words as texts, and small integers as numbers where it was asked to.
    private struct Parameter: Decodable {
      let text: String

      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Int.self) {
          text = String(UInt32(truncatingIfNeeded: number), radix: 2)
        } else {
          text = try value.decode(String.self)
        }
      }
    }
  }

  /// A name of the source, or one that the tool made up, and the bits that have it.
  public struct Name: Sendable, Hashable, Decodable {
    public let bits: [Bit]
    /// Whether the tool made it up.
    public let isHidden: Bool
    /// Number of the first bit.
    public let offset: Int

    public init(bits: [Bit], isHidden: Bool = false, offset: Int = 0) {
      self.bits = bits
      self.isHidden = isHidden
      self.offset = offset
    }

    private enum CodingKeys: String, CodingKey {
      case bits, offset
      case isHidden = "hide_name"
    }

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      bits = try values.decode([Bit].self, forKey: .bits)
      isHidden = try values.decodeIfPresent(Int.self, forKey: .isHidden) ?? 0 != 0
      offset = try values.decodeIfPresent(Int.self, forKey: .offset) ?? 0
    }
  }

  public struct Port: Sendable, Hashable, Decodable {
    public let direction: String
    public let bits: [Bit]

    public init(direction: String, bits: [Bit]) {
      self.direction = direction
      self.bits = bits
    }
  }

  /// The name of the module.
  public let name: String
  /// Sorted by name.
  public let cells: [(name: String, cell: Cell)]
  public let ports: [String: Port]
  /// Names of nets; a net can have several.
  public let names: [String: Name]

  public init(
    name: String, cells: [String: Cell], ports: [String: Port], names: [String: Name] = [:]
  ) {
    self.name = name
    self.cells = cells.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    self.ports = ports
    self.names = names
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
    self.init(name: module, cells: found.cells, ports: found.ports, names: found.netnames ?? [:])
  }

  private struct File: Decodable {
    let modules: [String: Module]
  }

  private struct Module: Decodable {
    let ports: [String: Port]
    let cells: [String: Cell]
    let netnames: [String: Name]?
  }

  public static func == (a: Netlist, b: Netlist) -> Bool {
    a.name == b.name && a.ports == b.ports && a.names == b.names
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
