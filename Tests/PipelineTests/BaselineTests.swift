import Foundation
import Testing

/// Polynomials as predistorter and as amplifier, through the command line.
@Suite struct BaselineTests {
  private struct Score: Decodable {
    struct Cost: Decodable {
      var complexCoefficients: Int
      var realCoefficients: Int
    }
    struct NMSE: Decodable { var test: Double }
    var cost: Cost
    var nmseDB: NMSE
  }

  @Test func `a predistorter is judged through a model that says how true it is`() throws {
    try withTemporaryFolder { folder in
      let made = try CommandLineTool.pare(
        "dataset", "make", "--samples", "12000", "--out", "data", in: folder)
      #expect(made.status == 0, "\(made.errors)")
      let amplifier = try CommandLineTool.pare(
        "baseline", "data", "--task", "forward", "--kind", "mp", "--orders", "2,4", "--delays=0:3",
        "--coefficients", "2,8", "--out", "pa.json", "--json", in: folder)
      #expect(amplifier.status == 0, "\(amplifier.errors)")
      let scores = try JSONDecoder().decode([Score].self, from: Data(amplifier.output.utf8))
      #expect(scores.map(\.cost.complexCoefficients) == [2, 8])
      // The synthetic amplifier is a memory polynomial of orders 1, 3 and 5 with a memory of three samples, and a
      // little noise: eight of its nine terms follow it closely, two do not.
      #expect(scores[1].nmseDB.test < -45 && scores[1].nmseDB.test < scores[0].nmseDB.test - 5)

      let predistorter = try CommandLineTool.pare(
        "baseline", "data", "--kind", "mp", "--orders", "2", "--delays=0:3", "--coefficients", "4",
        "--out", "pd.json", in: folder)
      #expect(predistorter.status == 0 && predistorter.output.contains("MP, 4 terms"))
      let judged = try CommandLineTool.pare(
        "evaluate", "pd.json", "--through", "pa.json", "--dataset", "data", in: folder)
      #expect(judged.status == 0, "\(judged.errors)")
      let fidelity = String(format: "%.1f", scores[1].nmseDB.test)
      let sentence =
        "simulated through the amplifier model 'polynomial of 8 terms' of \(fidelity) dB fidelity"
      #expect(judged.output.components(separatedBy: sentence).count == 3, "\(judged.output)")

      let applied = try CommandLineTool.pare(
        "apply", "pd.json", "--input", "data/test_input.csv", "--output", "u.csv", in: folder)
      #expect(applied.status == 0, "\(applied.errors)")
      #expect(try rows(folder, "u.csv").count == 2400)

      let swapped = try CommandLineTool.pare(
        "evaluate", "pa.json", "--through", "pd.json", "--dataset", "data", in: folder)
      #expect(swapped.status == 65 && swapped.errors.contains("not a predistorter"))
      let other = try CommandLineTool.pare(
        "evaluate", "pd.json", "--through", "data/spec.json", "--dataset", "data", in: folder)
      #expect(other.status == 65 && other.errors.contains("neither a network"))
    }
  }

  @Test func `the characteristic of a data set covers its samples`() throws {
    try withTemporaryFolder { folder in
      let made = try CommandLineTool.pare(
        "dataset", "make", "--samples", "12000", "--out", "data", in: folder)
      #expect(made.status == 0, "\(made.errors)")
      let run = try CommandLineTool.pare(
        "dataset", "characteristic", "data", "--bins", "5", "--range", "100", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let counts = run.output.split(separator: "\n").dropFirst(2)
        .prefix { !$0.hasPrefix("gain") }
        .compactMap { Int($0.split(separator: " ")[1].replacing(",", with: "")) }
      // All of the 2,400 samples of the test split but those whose magnitude is below a 100,000th of the peak.
      #expect((2_395...2_400).contains(counts.reduce(0, +)), "\(run.output)")
    }
  }
}
