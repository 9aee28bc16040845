public import PareDatapath
public import PareNumerics
public import PareText

/// A design as people meet it in a folder: what the project scripts and README.txt are written from.
///
/// Paths are relative to the folder: the design in `rtl/`, its testbench and vectors in `tb/`, the AXI4-Stream wrapper and
/// its testbench in `axis/`, constraints and scripts in a folder of the maker's program.
public struct DesignProject: Hashable, Sendable {
  /// A port of the stream.
  public struct Port: Hashable, Sendable {
    public let name: String
    public let format: WordFormat

    public init(_ name: String, _ format: WordFormat) {
      self.name = name
      self.format = format
    }
  }

  /// A file that something else puts into the folder, and what it is.
  public struct OtherFile: Hashable, Sendable {
    public let path: String
    public let purpose: String

    public init(_ path: String, _ purpose: String) {
      self.path = path
      self.purpose = purpose
    }
  }

  /// Of the top module or entity.
  public var name: String
  public var language: RTLLanguage
  /// Files of the design in compile order.
  public var design: [String]
  /// Sources of the testbench in compile order; empty without one.
  public var testbench: [String]
  /// The maker's name of the part.
  public var part: String
  public var family: LogicFamily
  /// The clock that constraints ask for.
  public var clockMHz: Double
  public var inputs: [Port]
  public var outputs: [Port]
  /// Clocks with a sample from an input to its output, without the look-ahead.
  public var latency: Int
  /// Samples by which results lag behind because the algorithm looks ahead.
  public var lookAhead: Int
  /// Successive samples that come in with one clock, each on ports of its own.
  public var samplesPerClock: Int
  /// Macros that the Verilog is to be read with by the maker's program.
  public var defines: [String]
  public var otherFiles: [OtherFile]

  /// Macros that make the design's own modules use the cells of the family.
  var cellMacros: [String] {
    guard vendor == .vivado, design.contains(where: { $0.hasSuffix("/pare_row3.v") }) else {
      return []
    }
    return family == .series7 ? ["PARE_XILINX", "PARE_CARRY4"] : ["PARE_XILINX"]
  }

  /// Zero samples that push out the last results.
  var flush: Int { latency - 1 + lookAhead }
  var vendor: VendorTool? { VendorTool(part: part) }
  var streamTop: String { "\(name)_axis" }
  var streamDesign: String { "axis/\(streamTop)\(language.fileExtension)" }
  var streamTestbench: [String] {
    [
      "axis/pare_axis_driver\(language.fileExtension)",
      "axis/tb_\(streamTop)\(language.fileExtension)",
    ]
  }
}

extension PipelinedDatapath {
  /// All that a design folder holds besides the design, its testbench and what describes it for Pare: the AXI4-Stream wrapper
  /// with its testbench, constraints and a script for the maker's program, and README.txt.
  ///
  /// A part that is neither AMD's nor Lattice's gets no constraints and no script; README.txt says so.
  ///
  /// - Parameters:
  ///   - name: of the top module or entity.
  ///   - bundle: the design, as ``verilog(named:header:vectors:)`` or ``vhdl(named:header:vectors:)`` wrote it; its files are
  ///     expected in `rtl/` and `tb/`.
  ///   - part: the maker's name of the part, such as `xczu7ev-ffvc1156-2-e`.
  ///   - clockMHz: the clock that constraints ask for.
  ///   - samplesPerClock: lanes of an unfolded design, for README.txt.
  ///   - defines: macros that the Verilog is to be read with by the maker's program.
  ///   - otherFiles: what else stands in the folder, for README.txt.
  /// - Throws: ``RTLError`` when the bundle's vectors have an empty segment.
  public func projectFiles(
    named name: String, bundle: SourceBundle, part: String, clockMHz: Double,
    samplesPerClock: Int = 1, defines: [String] = [], otherFiles: [DesignProject.OtherFile] = []
  ) throws(RTLError) -> [SourceFile] {
    precondition(clockMHz > 0, "a clock of \(clockMHz) MHz")
    func ports(_ layout: StreamLayout) -> [DesignProject.Port] {
      layout.slots.map { .init($0.port, $0.format) }
    }
    let language = RTLLanguage(of: bundle)
    let project = DesignProject(
      name: name, language: language, design: bundle.design.map { "rtl/\($0.path)" },
      testbench: bundle.testbench.map { "tb/\($0.path)" }.filter { !$0.hasSuffix(".hex") },
      part: part, family: options.family, clockMHz: clockMHz,
      inputs: ports(.inputs(of: datapath)), outputs: ports(.outputs(of: datapath)),
      latency: latency, lookAhead: datapath.lookAhead,
      samplesPerClock: samplesPerClock, defines: defines, otherFiles: otherFiles)
    let stream = try axiStream(named: name, language: language, vectorsOf: bundle)
    let wrapper = stream.files.map { SourceFile(path: "axis/\($0.path)", text: $0.text) }
    return [SourceFile(path: "README.txt", text: project.readme())] + wrapper
      + project.vendorFiles()
  }
}
