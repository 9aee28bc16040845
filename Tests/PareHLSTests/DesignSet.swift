import PareFixed
import PareHLS
import PareText
import PareTools
import Testing

/// Many designs in one program: the headers of fixed-point numbers take longer to compile than a network.
struct DesignSet {
  private(set) var names: [String] = []
  private var files: [String: String] = [:]

  mutating func add(
    _ network: FixedNetwork, _ options: HLSOptions, stimulus: HLSStimulus
  ) throws {
    let name = "net\(names.count)"
    let bundle = try network.hls(named: name, options: options, stimulus: stimulus)
    // Scripts and guides have the same names in all bundles.
    for file in bundle.files where file.path.contains("/") {
      let path = file.path.hasSuffix("vectors.txt") ? "tb/\(name).txt" : file.path
      #expect(files[path] == nil || files[path] == file.text)
      files[path] = file.text
    }
    names.append(name)
  }

  /// What each test bench printed, in the order of the designs, and the warnings of the compiler.
  func run(_ headers: CxxSimulator.Headers) async throws -> (verdicts: [String], warnings: String) {
    var main = "#include \"pare_bench.h\"\n"
    for name in names {
      main += """
        #include "\(name).cpp"
        #define main main_\(name)
        #include "tb_\(name).cpp"
        #undef main

        """
    }
    main += "typedef int program(int, char**);\n"
    main +=
      "static program* const programs[] = {\(names.map { "main_\($0)" }.joined(separator: ", "))};\n"
    main +=
      "static const char* const names[] = {\(names.map { "\"\($0)\"" }.joined(separator: ", "))};\n"
    main += """
      int main() {
        for (int index = 0; index < \(names.count); ++index) {
          char vectors[64], results[64], program_name[] = "bench";
          std::snprintf(vectors, sizeof vectors, "tb/%s.txt", names[index]);
          std::snprintf(results, sizeof results, "%s.out", names[index]);
          char* words[] = {program_name, vectors, results};
          std::printf("%s: ", names[index]);
          programs[index](3, words);
        }
        return 0;
      }

      """
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let work = folder.folder
    try work.write(
      files.sorted { $0.key < $1.key }.map { SourceFile(path: $0.key, text: $0.value) })
    try work.write(main, to: "all.cpp")
    let compiler = try await ToolLocator().find(.compiler)
    let runner = ProcessRunner()
    let include =
      switch headers {
      case .own: ["-Ipare_ap"]
      case .xilinx(let headers): ["-isystem", headers.folder.path]
      }
    try await runner.runChecked(
      compiler.run(
        ["-std=c++14", "-O0", "-Wall", "-Wextra", "-Wno-unknown-pragmas"] + include
          + ["-Isrc", "-Itb", "all.cpp", "-o", "all"], in: work, log: "build.log",
        timeLimit: .seconds(300)))
    try await runner.runChecked(
      ToolCommand(
        [work.file("all")], in: work.path, log: work.file("run.log"), timeLimit: .seconds(120)))
    let text = String(decoding: try work.read("run.log"), as: UTF8.self)
    return (
      text.split(separator: "\n").map(String.init),
      String(decoding: try work.read("build.log"), as: UTF8.self)
    )
  }
}
