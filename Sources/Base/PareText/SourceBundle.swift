/// One generated text file.
public struct SourceFile: Hashable, Sendable, Codable {
  /// Path relative to the folder that the bundle is written to, with `/` between components.
  public let path: String
  public let text: String

  public init(path: String, text: String) {
    self.path = path
    self.text = text
  }
}

/// Named text files that belong together: the output of a code generator.
///
/// A generator returns a bundle and never touches the disk, so that its output can be compared in a test.
public struct SourceBundle: Hashable, Sendable, Codable {
  /// Name of the top module or function.
  public let top: String
  /// Sources of the design itself, in the order in which a tool should read them.
  public let design: [SourceFile]
  /// Testbench sources and vectors.
  public let testbench: [SourceFile]

  public init(top: String, design: [SourceFile], testbench: [SourceFile] = []) {
    self.top = top
    self.design = design
    self.testbench = testbench
    let paths = (design + testbench).map(\.path)
    precondition(Set(paths).count == paths.count, "two files of one bundle share a path: \(paths)")
  }

  public var files: [SourceFile] { design + testbench }
}
