import Testing

@testable import PareExplore

@Suite struct YAMLSectionTests {
  private func section(_ text: String) throws -> YAMLSection {
    try YAMLSection(text: text, file: "e.yaml")
  }

  @Test func `reads values of every kind and defaults for what is absent`() throws {
    var section = try section(
      """
      name: demo
      count: 5
      rate: 1e9
      flag: yes
      list: [3, 5]
      one: 7
      inner:
        depth: 2
      """)
    #expect(try section.text("name", or: "") == "demo")
    #expect(try section.integer("count", or: 1, in: 1...9) == 5)
    #expect(try section.number("rate", or: 0, in: 0...1e12) == 1e9)
    #expect(try section.flag("flag", or: false))
    #expect(try section.integers("list", or: [], in: 1...9) == [3, 5])
    #expect(try section.integers("one", or: [], in: 1...9) == [7])
    #expect(try section.integer("absent", or: 4, in: 1...9) == 4)
    var inner = try #require(try section.section("inner"))
    #expect(try inner.integer("depth", or: 0, in: 0...9) == 2)
    try inner.rejectUnknownKeys()
    try section.rejectUnknownKeys()
  }

  @Test func `a misspelt key is named with its line and the word that was meant`() throws {
    var section = try section("seed: 1\n\nkernelsize: 3\n")
    _ = try section.integer("seed", or: 1, in: 0...9)
    _ = try section.integer("kernelSize", or: 3, in: 1...9)
    let error = #expect(throws: ExploreError.self) { try section.rejectUnknownKeys() }
    #expect(error?.message == "e.yaml:3: unknown key 'kernelsize'")
    #expect(error?.hint == "did you mean 'kernelSize'?")
  }

  @Test(arguments: [
    ("count: five", "e.yaml:1: 'count' is not a whole number from 1 to 9"),
    ("count: 12", "e.yaml:1: 'count' is not a whole number from 1 to 9"),
    ("a: 1\ncount: [1]", "e.yaml:2: 'count' is not a whole number from 1 to 9"),
  ])
  func `a wrong value is named with its line`(text: String, message: String) throws {
    var section = try section(text)
    let error = #expect(throws: ExploreError.self) {
      try section.integer("count", or: 1, in: 1...9)
    }
    #expect(error?.message == message)
  }

  @Test(arguments: ["", "- a\n- b\n", "a: [1\nb: 2", "a: 1\na: 2\n"])
  func `what is not a mapping is refused with the file's name`(text: String) {
    let error = #expect(throws: ExploreError.self) { try section(text) }
    #expect(error?.message.hasPrefix("e.yaml") == true)
  }
}
