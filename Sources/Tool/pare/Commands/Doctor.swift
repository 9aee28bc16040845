import ArgumentParser
import PareText
import PareTools

/// `pare doctor`: which tools are there, and what a missing one disables.
struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the external tools that were found, and what a missing one disables.",
    discussion: "Ends with exit code 69 when a tool is missing that is not optional.")

  @OptionGroup var common: CommonOptions

  func run() async throws {
    let doctor = try await PareTools.Doctor()
    Console.result(common.json ? JSONText.encode(doctor) : doctor.text)
    guard doctor.missing.isEmpty else {
      throw ToolError(
        .toolMissing(
          tool: doctor.missing.map(\.name.rawValue).joined(separator: ", "),
          lookedIn: ["PATH", ".tools"]),
        hint: doctor.missing.map(\.hint).joined(separator: "; "))
    }
  }
}
