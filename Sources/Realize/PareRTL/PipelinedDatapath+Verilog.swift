public import PareDatapath
public import PareText

extension PipelinedDatapath {
  /// The graph as one Verilog-2005 module in a file of its name; `docs/datapath.md` describes its ports and timing.
  ///
  /// The text depends on the arguments only, so that the same graph gives the same bytes.
  ///
  /// - Parameters:
  ///   - name: of the module.
  ///   - header: lines for the top of the file, such as where the design comes from; written as comments.
  ///   - vectors: what a self-checking testbench feeds and expects; no testbench when nil.
  /// - Throws: ``RTLError`` when a name cannot be used, or the vectors do not fit.
  public func verilog(
    named name: String, header: String = "", vectors: TestVectors? = nil
  ) throws(RTLError) -> SourceBundle {
    let taken =
      ["clk", "rst", "in_valid", "out_valid"] + datapath.inputs + datapath.outputs.map(\.name)
    guard NamingRules.verilog.isUnitName(name, apartFrom: taken) else {
      throw RTLError(.badModuleName(name))
    }
    let module = try VerilogModule(self, name: name, header: header)
    let testbench = try vectors.map { vectors throws(RTLError) in
      try VerilogTestbench(self, name: name, vectors: vectors).files()
    }
    return SourceBundle(
      top: name,
      design: [SourceFile(path: "\(name).v", text: module.text())]
        + (module.usesRows ? [SourceFile(path: "pare_row3.v", text: rowTemplate)] : []),
      testbench: testbench ?? [])
  }
}

/// The module of a row of three operands, of cells or as a plain sum.
private var rowTemplate: String {
  String(decoding: PackageResources.pare_row3_v, as: UTF8.self)
}

extension LogicFamily {
  /// Macros with which `pare_row3.v` names the cells of the family; without them it is a plain sum.
  public var rowDefines: [String] {
    switch self {
    case .ultraScalePlus: ["PARE_XILINX"]
    case .series7: ["PARE_XILINX", "PARE_CARRY4"]
    case .ecp5, .generic: []
    }
  }
}
