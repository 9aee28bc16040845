public import PareDatapath
public import PareText

extension PipelinedDatapath {
  /// The graph as one VHDL-2008 entity in a file of its name: the ports, the timing and every bit of the Verilog module.
  ///
  /// Words are ports of type `std_logic_vector`; arithmetic inside is `signed` of `ieee.numeric_std`, with the exact bits
  /// of each range. The text depends on the arguments only, so that the same graph gives the same bytes.
  ///
  /// - Parameters:
  ///   - name: of the entity.
  ///   - header: lines for the top of the file, such as where the design comes from; written as comments.
  ///   - vectors: what a self-checking testbench feeds and expects; no testbench when nil.
  /// - Throws: ``RTLError`` when a name cannot be used, or the vectors do not fit.
  public func vhdl(
    named name: String, header: String = "", vectors: TestVectors? = nil
  ) throws(RTLError) -> SourceBundle {
    let ports =
      ["clk", "rst", "in_valid", "out_valid"] + datapath.inputs + datapath.outputs.map(\.name)
    guard NamingRules.vhdl.isUnitName(name, apartFrom: ports) else {
      throw RTLError(.badModuleName(name, language: NamingRules.vhdl.language))
    }
    let entity = try VHDLEntity(self, name: name, header: header)
    let testbench = try vectors.map { vectors throws(RTLError) in
      try VHDLTestbench(self, name: name, vectors: vectors).files()
    }
    return SourceBundle(
      top: name,
      // A unit has to be analysed before the one that uses it.
      design: (entity.usesRows ? [SourceFile(path: "pare_row3.vhd", text: rowTemplate)] : [])
        + [SourceFile(path: "\(name).vhd", text: entity.text())],
      testbench: testbench ?? [])
  }
}

/// The entity of a row of three operands.
private var rowTemplate: String {
  String(decoding: PackageResources.pare_row3_vhd, as: UTF8.self)
}
