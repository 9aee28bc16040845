import PareNumerics
import PareText
import PareTools
import Testing
@testable import PareHLS

/// The small header of fixed-point numbers against the one definition of rounding and overflow.
@Suite struct NumberTests {
  private struct Case: Hashable {
    let from: WordFormat
    let to: Requantizer
  }

  /// Conversions to shorter and longer words, to the left and to the right, signed and not.
  private static var cases: [Case] {
    var random = RandomStream(seed: 11)
    func format(_ longest: Int) -> WordFormat {
      WordFormat(
        wordLength: 1 + random.index(below: longest), integerBits: random.index(below: 14) - 3,
        isSigned: random.index(below: 4) > 0)
    }
    return (0..<80).map { index in
      Case(
        from: format(24),
        to: Requantizer(
          to: format(20), rounding: Rounding.allCases[index % 3],
          overflow: Overflow.allCases[index / 3 % 2]))
    }.filter {
      // The vendor's header stops at a last place above the highest bit of the number; the generator avoids it.
      $0.from.fractionBits - $0.to.format.fractionBits < $0.from.wordLength
    }
  }

  private static func words(_ format: WordFormat, _ seed: Int) -> [Int64] {
    var random = RandomStream(seed: UInt64(seed))
    let span = Int(format.maximumRaw - format.minimumRaw) + 1
    return [format.minimumRaw, format.maximumRaw, 0]
      + (0..<40).map { _ in format.minimumRaw + Int64(random.index(below: span)) }
  }

  /// A program that prints every conversion.
  private static func program(_ cases: [Case]) -> String {
    var text = """
      #include <ap_fixed.h>
      #include <ap_int.h>
      #include <cstdio>

      template <class From, class To, class Word>
      void convert(long long raw) {
        From from = 0;
        from.range() = raw;
        To to = from;
        Word word = 0;
        word.range() = to.range();
        std::printf("%lld\\n", (long long)word.to_int64());
      }

      int main() {

      """
    for (index, one) in cases.enumerated() {
      let from = NumberType("from\(index)", one.from, comment: "")
      let to = NumberType("to\(index)", one.to, comment: "")
      text += "  \(from.definition)\n  \(to.definition)\n"
      let word = "ap_\(to.isSigned ? "" : "u")int<\(to.wordLength)>"
      for raw in words(one.from, index) {
        text += "  convert<from\(index), to\(index), \(word) >(\(raw)LL);\n"
      }
    }
    return text + "  return 0;\n}\n"
  }

  private func check(_ cases: [Case], _ include: [String]) async throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let work = scratch.folder
    try work.folder("pare_ap").create()
    try work.write(
      String(decoding: PackageResources.ap_fixed_h, as: UTF8.self), to: "pare_ap/ap_fixed.h")
    try work.write(
      String(decoding: PackageResources.ap_int_h, as: UTF8.self), to: "pare_ap/ap_int.h")
    try work.write(Self.program(cases), to: "all.cpp")
    let compiler = try await ToolLocator().find(.compiler)
    let runner = ProcessRunner()
    try await runner.runChecked(
      compiler.run(
        ["-std=c++14", "-Wall", "-Wextra"] + include + ["all.cpp", "-o", "all"], in: work,
        log: "build.log", timeLimit: .seconds(120)))
    try await runner.runChecked(
      ToolCommand(
        [work.file("all")], in: work.path, log: work.file("run.log"), timeLimit: .seconds(60)))
    let got = String(decoding: try work.read("run.log"), as: UTF8.self)
      .split(separator: "\n").map { Int64($0)! }
    let wanted = cases.enumerated().flatMap { index, one in
      Self.words(one.from, index).map { one.to($0, fractionBits: one.from.fractionBits) }
    }
    #expect(got == wanted)
  }

  @Test func `our own numbers round and limit as the integer model does`() async throws {
    try await check(Self.cases, ["-Ipare_ap"])
  }

  @Test(.enabled(if: XilinxNumbers.areHere, XilinxNumbers.hint))
  func `the vendor's numbers round and limit as the integer model does`() async throws {
    let headers = try #require(try XilinxHeaders.find())
    // A third of them: they take ten times as long to compile.
    try await check(Array(Self.cases.prefix(24)), ["-isystem", headers.folder.path])
  }
}
