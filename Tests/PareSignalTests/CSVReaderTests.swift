import Foundation
import PareNumerics
import PareSignal
import PareText
import Testing

struct CSVReaderTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func read(_ text: String) throws -> IQSignal {
    try IQSignal(contentsOfCSV: scratch.write(text, to: "x.csv"))
  }

  private func code(_ text: String) throws -> SignalError.Code {
    try #require(throws: SignalError.self) { try read(text) }.code
  }

  @Test
  func `written signals read back to the same bits`() throws {
    var random = RandomStream(seed: 4)
    let signal = IQSignal(
      i: (0..<40_000).map { _ in random.normal() * 1e-3 },
      q: (0..<40_000).map { _ in Double(random.normal() * 1e6) / 3 })
    let path = scratch.file("x.csv")
    try signal.write(toCSV: path)
    #expect(try IQSignal(contentsOfCSV: path) == signal)
    #expect(try scratch.names == ["x.csv"])
  }

  @Test(arguments: [
    "I,Q\n1,2\n3,4\n", "I,Q\r\n1,2\r\n3,4\r\n", "Q,I\n2,1\n4,3", " I , Q \n 1 ,\t2\n\n3,4 \n\n",
    "time,i,q,note\n0,1,2,a\n1,3,4,b\n", "\u{FEFF}I,Q\n1,2\n3,4\n",
  ])
  func `tolerated layouts`(text: String) throws {
    #expect(try read(text) == IQSignal(i: [1, 3], q: [2, 4]))
  }

  /// Rows are read in pieces of a megabyte; here many rows straddle two pieces.
  @Test
  func `long files keep every row`() throws {
    var text = "I,Q\n"
    for n in 1...150_000 { text += "\(n),\(-n).25\n" }
    let signal = try read(text)
    #expect(signal.count == 150_000)
    #expect(signal.i == (1...150_000).map(Double.init))
    #expect(signal.q == (1...150_000).map { n in -(Double(n) + 0.25) })
  }

  @Test
  func `a sample that no capture can hold is refused`() throws {
    #expect(try read("I,Q\n1e12,-1e12\n").peak > 1e12)
    let path = scratch.file("x.csv")
    #expect(
      try code("I,Q\n1,2\n1,-1e200\n")
        == .badCapture(path: path, reason: "sample 1, 1.0-1e+200j, is beyond 1000000000000.0"))
  }

  @Test
  func `faults name file, line and reason`() throws {
    let path = scratch.file("x.csv")
    #expect(
      try code("I,R\n1,2\n") == .missingColumn(path: path, column: "Q", found: ["I", "R"]))
    #expect(
      try code("1,2\n3,4\n") == .missingColumn(path: path, column: "I", found: ["1", "2"]))
    #expect(try code("I,Q,I\n1,2,3\n") == .repeatedColumn(path: path, column: "I"))
    #expect(
      try code("I,Q\n1,2\n1,x\n") == .notANumber(path: path, line: 3, column: "Q", text: "x"))
    #expect(
      try code("I,Q\n1,2\n1,\n") == .notANumber(path: path, line: 3, column: "Q", text: ""))
    #expect(
      try code("I,Q\r\nNaN,2\r\n") == .notFinite(path: path, line: 2, column: "I", text: "NaN"))
    #expect(
      try code("I,Q\n1,-inf\n") == .notFinite(path: path, line: 2, column: "Q", text: "-inf"))
    #expect(try code("I,Q\n1,2\n3\n") == .fieldCount(path: path, line: 3, expected: 2, found: 1))
    #expect(
      try code("I,Q\n1,2\n3,4,5\n") == .fieldCount(path: path, line: 3, expected: 2, found: 3))
    #expect(try code("I,Q\n") == .noSamples(path: path))
    #expect(try code("") == .noSamples(path: path))
  }

  @Test
  func `a missing file and a folder are named`() throws {
    let missing = scratch.file("none.csv")
    #expect(throws: SignalError(.fileNotFound(path: missing))) {
      try IQSignal(contentsOfCSV: missing)
    }
    let error = try #require(throws: SignalError.self) {
      try IQSignal(contentsOfCSV: scratch.path)
    }
    #expect(error.message.contains(scratch.path) && error.message.contains("folder"))
  }

  @Test
  func `garbage without lines ends at the limit`() throws {
    let path = try scratch.write(Data(repeating: 0x41, count: 3 << 20), to: "x.csv")
    #expect(throws: SignalError(.lineTooLong(path: path, line: 1, limit: 65_536))) {
      try IQSignal(contentsOfCSV: path)
    }
  }

  @Test
  func `garbage after a header is named by line`() throws {
    let path = try scratch.write(
      Data("I,Q\n1,2\n".utf8) + Data(repeating: 0, count: 3 << 20), to: "x.csv")
    #expect(throws: SignalError(.lineTooLong(path: path, line: 3, limit: 65_536))) {
      try IQSignal(contentsOfCSV: path)
    }
  }

  @Test
  func `a cancelled task stops reading`() async throws {
    let path = try scratch.write("I,Q\n1,2\n", to: "x.csv")
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try IQSignal(contentsOfCSV: path)
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test
  func `an error is two lines and never repeats raw bytes`() throws {
    let bytes = Data("I,Q\n1,".utf8) + Data([0x1B, 0x5B, 0x33, 0x31, 0x6D, 0xFF]) + Data("\n".utf8)
    let path = try scratch.write(bytes, to: "x.csv")
    let error = try #require(throws: SignalError.self) { try IQSignal(contentsOfCSV: path) }
    #expect(error.message == "\(path), line 2, column Q: '?[31m?' is not a number")
    #expect(error.description.split(separator: "\n").count == 2)
    #expect(error.kind == .badData)
  }
}
