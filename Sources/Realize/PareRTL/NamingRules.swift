import PareDatapath

/// What a language allows as the name of a signal or a unit.
struct NamingRules {
  /// In the letter case of ``key(_:)``.
  private let reserved: Set<String>
  private let ignoresCase: Bool
  /// Whether underscores may stand at the end of a name and next to each other.
  private let allowsAnyUnderscores: Bool
  /// Name of the language in messages.
  let language: String

  static let verilog = NamingRules(
    reserved: verilogKeywords, ignoresCase: false, allowsAnyUnderscores: true, language: "Verilog")
  static let vhdl = NamingRules(
    reserved: vhdlKeywords.union(vhdlBorrowedNames), ignoresCase: true,
    allowsAnyUnderscores: false, language: "VHDL")

  /// Equal for names that the language takes for the same.
  func key(_ name: String) -> String { ignoresCase ? name.lowercased() : name }

  func isReserved(_ name: String) -> Bool { reserved.contains(key(name)) }

  /// Whether an identifier is one in this language too.
  func allows(_ identifier: String) -> Bool {
    allowsAnyUnderscores || !(identifier.hasSuffix("_") || identifier.contains("__"))
  }

  /// The nearest name that the language allows.
  func legal(_ identifier: String) -> String {
    if allows(identifier) { return identifier }
    return identifier.split(separator: "_").joined(separator: "_")
  }

  func isUnitName(_ name: String, apartFrom ports: [String]) -> Bool {
    name.isIdentifier && name.count <= 64 && !isReserved(name) && allows(name)
      && !ports.contains { key($0) == key(name) }
  }
}

/// Keywords of VHDL-2008 (IEEE 1076-2008, 15.10).
let vhdlKeywords: Set<String> = [
  "abs", "access", "after", "alias", "all", "and", "architecture", "array", "assert", "assume",
  "assume_guarantee", "attribute", "begin", "block", "body", "buffer", "bus", "case", "component",
  "configuration", "constant", "context", "cover", "default", "disconnect", "downto", "else",
  "elsif", "end", "entity", "exit", "fairness", "file", "for", "force", "function", "generate",
  "generic", "group", "guarded", "if", "impure", "in", "inertial", "inout", "is", "label",
  "library", "linkage", "literal", "loop", "map", "mod", "nand", "new", "next", "nor", "not",
  "null", "of", "on", "open", "or", "others", "out", "package", "parameter", "port", "postponed",
  "procedure", "process", "property", "protected", "pure", "range", "record", "register", "reject",
  "release", "rem", "report", "restrict", "restrict_guarantee", "return", "rol", "ror", "select",
  "sequence", "severity", "shared", "signal", "sla", "sll", "sra", "srl", "strong", "subtype",
  "then", "to", "transport", "type", "unaffected", "units", "until", "use", "variable", "vmode",
  "vprop", "vunit", "wait", "when", "while", "with", "xnor", "xor",
]

/// Names from libraries that the generated text uses, and that a signal of the same name would hide.
private let vhdlBorrowedNames: Set<String> = [
  "boolean", "false", "ieee", "integer", "keep", "natural", "numeric_std", "pare_row3", "positive",
  "resize",
  "rising_edge", "rom_style", "rtl", "shift_left", "shreg_extract", "signed", "srl_style", "std",
  "std_logic", "std_logic_1164", "std_logic_vector", "string", "syn_keep", "syn_romstyle",
  "to_integer", "to_signed", "to_unsigned", "true", "unsigned", "use_dsp", "work",
]
