import PareText
import Testing

@Suite struct JSONTextTests {
  private struct Sample: Codable, Equatable {
    var values: [[Float]]
    var name: String
    var count: Int
  }

  @Test func `keeps plain arrays on one line and keys in order`() {
    let sample = Sample(values: [[0.1, -2], []], name: "a [b\"{", count: 3)
    #expect(
      JSONText.encode(sample) == """
        {
          "count" : 3,
          "name" : "a [b\\"{",
          "values" : [
            [0.1, -2],
            []
          ]
        }

        """)
  }

  @Test func `reads back every float to the bit`() throws {
    let values = (0..<2000).map { Float(bitPattern: 0x3000_0001 &+ UInt32($0) &* 7919) }
    let sample = Sample(values: [values], name: "", count: 0)
    let again = try JSONText.decode(Sample.self, from: JSONText.encode(sample), file: "x.json")
    #expect(again == sample)
  }

  @Test(arguments: [
    (#"{"values": [[1]], "name": "a"}"#, "x.json: 'count' is missing"),
    (#"{"values": [[1, "b"]], "name": "a", "count": 1}"#, "x.json: 'values[0][1]' is not a number"),
    (#"{"values": [], "name": 3, "count": 1}"#, "x.json: 'name' is not a text"),
  ])
  func `names the file and the path of a fault`(text: String, message: String) {
    let error = #expect(throws: JSONTextError.self) {
      try JSONText.decode(Sample.self, from: text, file: "x.json")
    }
    #expect(error?.message == message)
  }
}
