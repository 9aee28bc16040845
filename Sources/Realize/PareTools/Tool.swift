/// The external programs that Pare can drive.
public enum ToolName: String, Sendable, Hashable, Codable, CaseIterable {
  case yosys
  case nextpnrECP5 = "nextpnr-ecp5"
  case ecppack
  case verilator
  case iverilog
  case ghdl
  case compiler = "c++"
  case make
  case python3
  case vivado
  /// `vitis_hls`, or `vitis-run` from 2023.2 on.
  case vitisHLS = "vitis_hls"

  /// What cannot be done without it.
  public var purpose: String {
    switch self {
    case .yosys: "synthesis (pare implement)"
    case .nextpnrECP5: "place and route for ECP5 (pare implement)"
    case .ecppack: "ECP5 bitstreams"
    case .verilator: "simulation of RTL (pare simulate)"
    case .iverilog: "the slower, second simulator; optional"
    case .ghdl: "simulation of VHDL (pare simulate); optional"
    case .compiler: "building Verilator's models and HLS C++ (pare simulate)"
    case .make: "building Verilator's models (pare simulate)"
    case .python3: "running the tools in .tools, fetching data sets"
    case .vivado: "AMD parts (pare implement --toolchain vivado); optional"
    case .vitisHLS: "HLS C++ for AMD parts (pare implement --toolchain vitis); optional"
    }
  }

  public var isOptional: Bool { self == .iverilog || self == .ghdl || isVendorTool }

  /// Whether it is AMD's, and lies in a folder of its own for each version.
  public var isVendorTool: Bool { self == .vivado || self == .vitisHLS }

  /// How to get it.
  public var hint: String {
    switch self {
    case .yosys: "make tools, or install yosys 0.40 or newer and put it on PATH"
    case .nextpnrECP5, .ecppack: "make tools, or install nextpnr-ecp5 with the Trellis data base"
    case .verilator: "make tools, or install the package verilator (5.0 or newer)"
    case .iverilog: "install the package iverilog (Homebrew: icarus-verilog)"
    case .ghdl: "install the package ghdl (1.0 or newer; Homebrew: ghdl)"
    case .compiler: "install the package g++ (Homebrew: gcc), or name a compiler in CXX"
    case .make: "install the package make"
    case .python3: "install the package python3-venv (Homebrew: python3)"
    case .vivado:
      "install AMD Vivado 2022.1 or newer, and source its settings64.sh or set PARE_VIVADO"
    case .vitisHLS:
      "install AMD Vitis or Vitis HLS 2022.1 or newer, and source its settings64.sh or set PARE_VITIS_HLS"
    }
  }

  /// The environment variable that names the program and wins over every search.
  public var variable: String {
    switch self {
    case .yosys: "PARE_YOSYS"
    case .nextpnrECP5: "PARE_NEXTPNR_ECP5"
    case .ecppack: "PARE_ECPPACK"
    case .verilator: "PARE_VERILATOR"
    case .iverilog: "PARE_IVERILOG"
    case .ghdl: "PARE_GHDL"
    case .compiler: "CXX"
    case .make: "MAKE"
    case .python3: "PARE_PYTHON"
    case .vivado: "PARE_VIVADO"
    case .vitisHLS: "PARE_VITIS_HLS"
    }
  }
}

/// A program that was found, and how to start it.
public struct Tool: Sendable, Hashable, Codable {
  public enum Origin: String, Sendable, Hashable, Codable {
    /// An environment variable names it.
    case variable
    case path = "PATH"
    /// The private environment that `make tools` fills.
    case privateEnvironment = ".tools"
    /// A vendor's folder, named by one of the vendor's variables or in a usual place.
    case installation
  }

  public let name: ToolName
  /// The words that come before the arguments.
  public let command: [String]
  /// Variables that the program needs.
  public let environment: [String: String]
  /// As the program or its package tells it, for example `0.70`.
  public let version: String
  public let origin: Origin
  /// What to know before trusting the results; nil when there is nothing.
  public let warning: String?
  /// True for the form of Yosys that is a Python module, which takes its script through the interpreter.
  public let isPythonModule: Bool

  public init(
    name: ToolName, command: [String], environment: [String: String] = [:], version: String,
    origin: Origin, warning: String? = nil, isPythonModule: Bool = false
  ) {
    precondition(!command.isEmpty, "\(name.rawValue) without a command")
    self.name = name
    self.command = command
    self.environment = environment
    self.version = version
    self.origin = origin
    self.warning = warning
    self.isPythonModule = isPythonModule
  }

  /// The file that stands for the tool in a table: the script of an interpreter, else the program.
  public var path: String {
    guard command.count > 1, command[1].hasPrefix("/") else { return command[0] }
    return command[1]
  }

  /// A run of the tool.
  public func run(
    _ arguments: [String], environment more: [String: String] = [:], in folder: Folder,
    log: String, timeLimit: Duration?
  ) -> ToolCommand {
    ToolCommand(
      command + arguments, environment: environment.merging(more) { $1 }, in: folder.path,
      log: folder.file(log), timeLimit: timeLimit)
  }
}
