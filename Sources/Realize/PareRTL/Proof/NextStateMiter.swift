import PareNumerics

/// A module that has been cut at its registers, as far as a miter must know it.
public struct CutModule: Sendable {
  /// Width of each `NAME.q` input that a cut made, by NAME.
  public let stateInputs: [String: [Bit]]
  /// Names with a `NAME.d` output: the registers' next values.
  public let nextOutputs: Set<String>
  /// Other input ports with their widths.
  public let inputs: [String: Int]

  /// One bit of a register: number `index` of the register `name`, or a constant.
  public enum Bit: Hashable, Sendable {
    case register(String, Int)
    case constant(Bool)
    /// Of a register that no name anchors.
    case unknown
  }

  public init(
    stateInputs: [String: [Bit]], nextOutputs: Set<String>, inputs: [String: Int]
  ) {
    self.stateInputs = stateInputs
    self.nextOutputs = nextOutputs
    self.inputs = inputs
  }
}

extension NextStateReference {
  /// A module with an output `bad_K` per check, which is 1 where the cut module and this reference differ for values of
  /// the variables that can occur.
  ///
  /// - Parameters:
  ///   - module: name of the cut module.
  ///   - top: name of the miter.
  /// - Returns: the text, and the checks that the cut module has no register for.
  public func miter(
    of module: String, cut: CutModule, named top: String
  ) -> (text: String, missing: [Check]) {
    var ports = ["input clk"]
    for variable in variables {
      let isSigned = variable.bits > 1 || variable.range != nil
      ports.append(
        "input \(isSigned ? "signed " : "")[\(variable.bits - 1):0] \(variable.name)")
    }
    ports += checks.indices.map { "output bad_\($0)" }
    var unknown: [String] = []
    var lines: [String] = []
    var connections = ["    .clk(clk)"]
    for name in cut.inputs.keys.sorted() where name != "clk" {
      // As an unsigned part: Yosys takes no signed argument for a port of a module that it has flattened.
      let part = cut.inputs[name]! > 1 ? "\(name)[\(cut.inputs[name]! - 1):0]" : name
      connections.append("    .\(name)(\(part))")
    }
    for (name, bits) in cut.stateInputs.sorted(by: { $0.key < $1.key }) {
      let parts = bits.enumerated().reversed().map { index, bit in
        switch bit {
        case .register(let register, let number):
          let isBit = variables.contains { $0.name == register && $0.bits == 1 }
          return isBit ? register : "\(register)[\(number)]"
        case .constant(let value): return value ? "1'b1" : "1'b0"
        case .unknown:
          let free = "unknown_\(unknown.count)"
          unknown.append(free)
          return free
        }
      }
      connections.append("    .\\\(name).q ({\(parts.joined(separator: ", "))})")
    }
    ports += unknown.map { "input \($0)" }
    var missing: [Check] = []
    for (index, check) in checks.enumerated() {
      lines.append("  wire [\(check.bits - 1):0] is_\(index);")
      if !check.isRegister {
        connections.append("    .\(check.name)(is_\(index))")
      } else if cut.nextOutputs.contains(check.name) {
        connections.append("    .\\\(check.name).d (is_\(index))")
      } else {
        missing.append(check)
      }
    }
    lines.append("  \\\(module)  cut (\n\(connections.joined(separator: ",\n"))\n  );")
    lines += declarations.map { "  \($0)" }
    let ranges = Dictionary(uniqueKeysWithValues: variables.map { ($0.name, $0) })
    for (index, check) in checks.enumerated() {
      lines.append("  wire [\(check.bits - 1):0] must_\(index) = \(check.value);")
      let conditions = check.support.compactMap { name -> String? in
        guard let variable = ranges[name], let range = variable.range else { return nil }
        let whole = Int64(1) << Int64(variable.bits - 1)
        if range.lower == -whole, range.upper == whole - 1 { return nil }
        return "(\(name) >= \(literal(range.lower))) && (\(name) <= \(literal(range.upper)))"
      }
      let premise = conditions.isEmpty ? "" : " && \(conditions.joined(separator: " && "))"
      lines.append("  assign bad_\(index) = (is_\(index) != must_\(index))\(premise);")
    }
    let text =
      "module \(top)(\n  \(ports.joined(separator: ",\n  "))\n);\n"
      + lines.joined(separator: "\n") + "\nendmodule\n"
    return (text, missing)
  }
}
