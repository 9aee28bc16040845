import PareDatapath

/// Names of the signals of one module: unique, legal, and as close to the graph's labels as can be.
struct SignalNames {
  /// Names that the interface and the generator use.
  private static let interface = ["clk", "rst", "in_valid", "out_valid", "live", "unused"]

  private let names: [String]

  /// - Throws: ``RTLError`` for a port that cannot keep its name.
  init(_ pipeline: PipelinedDatapath, rules: NamingRules = .verilog) throws(RTLError) {
    let datapath = pipeline.datapath
    let ports = datapath.inputs + datapath.outputs.map(\.name)
    var taken = Set(Self.interface)
    for port in ports {
      guard !taken.contains(rules.key(port)), !rules.isReserved(port),
        !Self.namesTable(rules.key(port)), rules.allows(port)
      else {
        throw RTLError(.reservedName(port, language: rules.language))
      }
      taken.insert(rules.key(port))
    }
    var names: [String] = []
    for (index, node) in datapath.nodes.enumerated() {
      if case .input(let channel) = node.op {
        names.append(datapath.inputs[channel])
        continue
      }
      var name = node.label.isEmpty ? "n\(index)" : rules.legal(node.label)
      // Signals derived from a name are the name, an underscore, and more; a prefix of another name could meet them.
      let key = rules.key(name)
      if taken.contains(key) || rules.isReserved(name) || Self.looksDerived(key)
        || Self.namesTable(key)
      {
        name += "_n\(index)"
      }
      while !taken.insert(rules.key(name)).inserted { name += "n" }
      names.append(name)
    }
    self.names = names
  }

  subscript(wire: Wire) -> String { names[Int(wire.index)] }

  /// Whether a name could be that of a table's memory or its type, as `table0`, `table0b1` and `table0_t` are.
  private static func namesTable(_ name: String) -> Bool {
    name.wholeMatch(of: #/table\d+(?:b\d+)?(?:_t)?/#) != nil
  }

  /// Whether a label ends like the signals that the generator adds to a name, as `y_d3` and `y_x` do.
  private static func looksDerived(_ name: String) -> Bool {
    guard let tail = name.split(separator: "_", omittingEmptySubsequences: false).last,
      name.contains("_")
    else { return false }
    let isNumbered =
      tail.count > 1 && "db".contains(tail.first!) && tail.dropFirst().allSatisfy(\.isNumber)
    return isNumbered || DerivedSignal.allCases.contains { $0.rawValue == tail }
  }
}

/// Signals inside one node, named after it.
enum DerivedSignal: String, CaseIterable {
  case rounded = "r"
  case shifted = "x"
  case fits = "f"
  case magnitude = "m"
  case index = "i"
  case address = "adr"
  case sign = "neg"
  case entry = "ent"
  case entrySign = "entneg"
  case signed = "s"
  case select = "sel"
  case bankSign = "bneg"
  case row = "row"
  case first = "ra"
  case second = "rb"
  case third = "rc"
  case high = "hi"
  case low = "lo"

  func named(after name: String) -> String { "\(name)_\(rawValue)" }
}

/// Keywords of Verilog-2005 (IEEE 1364-2005, annex B) and the SystemVerilog ones that tools reserve in `.v` files too.
let verilogKeywords: Set<String> = [
  "always", "and", "assign", "automatic", "begin", "bit", "buf", "bufif0", "bufif1", "byte",
  "case", "casex", "casez", "cell", "cmos", "config", "const", "deassign", "default", "defparam",
  "design", "disable", "do", "edge", "else", "end", "endcase", "endconfig", "endfunction",
  "endgenerate", "endmodule", "endprimitive", "endspecify", "endtable", "endtask", "enum",
  "event", "final", "for", "force", "forever", "fork", "function", "generate", "genvar",
  "highz0", "highz1", "if", "ifnone", "incdir", "include", "initial", "inout", "input",
  "instance", "int", "integer", "interface", "join", "large", "liblist", "library",
  "localparam", "logic", "longint", "macromodule", "medium", "module", "nand", "negedge", "nmos",
  "nor", "noshowcancelled", "not", "notif0", "notif1", "or", "output", "package", "parameter",
  "pmos", "posedge", "primitive", "program", "property", "pull0", "pull1", "pulldown", "pullup",
  "pulsestyle_ondetect", "pulsestyle_onevent", "rcmos", "real", "realtime", "ref", "reg",
  "release", "repeat", "return", "rnmos", "rpmos", "rtran", "rtranif0", "rtranif1", "scalared",
  "sequence", "shortint", "showcancelled", "signed", "small", "specify", "specparam", "static",
  "string", "strong0", "strong1", "struct", "supply0", "supply1", "table", "task", "this", "time",
  "tran", "tranif0", "tranif1", "tri", "tri0", "tri1", "triand", "trior", "trireg", "type",
  "typedef", "union", "unique", "unsigned", "use", "uwire", "vectored", "virtual", "void", "wait",
  "wand", "weak0", "weak1", "while", "wire", "with", "wor", "xnor", "xor",
]
