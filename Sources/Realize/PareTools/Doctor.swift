import PareText

/// What is installed: each tool with its version and place, and what a missing one disables.
public struct Doctor: Sendable, Hashable, Codable {
  public struct Finding: Sendable, Hashable, Codable {
    public let name: ToolName
    /// Nil when the tool is missing.
    public let version: String?
    public let path: String?
    public let origin: Tool.Origin?
    public let warning: String?
    /// What the tool is for, so what a missing one disables.
    public let purpose: String
    public let hint: String
    public let isOptional: Bool
  }

  public let schemaVersion: Int
  public let findings: [Finding]
  /// The private environment in use; nil when there is none.
  public let toolsFolder: String?

  /// Looks for every tool.
  public init(_ locator: ToolLocator = ToolLocator()) async throws {
    schemaVersion = 1
    toolsFolder = locator.toolsFolder?.path
    var findings: [Finding] = []
    for name in ToolName.allCases {
      var tool: Tool?
      var hint = name.hint
      do {
        tool = try await locator.find(name)
      } catch let error as ToolError {
        guard case .toolMissing = error.code else { throw error }
        hint = error.hint
      }
      findings.append(
        Finding(
          name: name, version: tool?.version, path: tool?.path, origin: tool?.origin,
          warning: tool?.warning, purpose: name.purpose, hint: hint, isOptional: name.isOptional))
    }
    self.findings = findings
  }

  /// The tools that are missing and not optional.
  public var missing: [Finding] { findings.filter { $0.version == nil && !$0.isOptional } }

  public var text: String {
    var table = TextTable([
      ("tool", .left), ("version", .left), ("from", .left), ("needed for", .left), ("path", .left),
    ])
    for finding in findings {
      table.add([
        finding.name.rawValue, finding.version ?? "missing", finding.origin?.rawValue ?? "",
        finding.purpose, finding.path ?? finding.hint,
      ])
    }
    let warnings = findings.compactMap { finding in
      finding.warning.map { "warning: \(finding.name.rawValue): \($0)" }
    }
    return ([table.text] + warnings).joined(separator: "\n")
  }
}
