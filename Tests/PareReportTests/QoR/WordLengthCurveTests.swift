import PareExplore
import PareText
import Testing

@testable import PareReport

@Suite struct WordLengthCurveTests {
  private let text = """
    {"schemaVersion": 1, "samples": "APA_200MHz, val split", "reference": {"nmseDB": -25.5},
     "asItCame": {"nmseDB": -25.4}, "joint": [
       {"format": "<6,1>", "figures": {"nmseDB": -12.25}}, {"format": "<8,2>", "figures": {"nmseDB": -20}},
       {"format": "<7,-1>"}]}
    """

  @Test func `a study is read with its formats, and points without a result are left out`() throws {
    let curve = try WordLengthCurve(json: text, file: "w.json")
    #expect(
      curve.points == [
        .init(wordLength: 6, integerBits: 1, nmse: -12.25),
        .init(wordLength: 8, integerBits: 2, nmse: -20),
      ])
    #expect(curve.floatNMSE == -25.5)
    #expect(curve.ownNMSE == -25.4)
  }

  @Test func `the curve is drawn with what it was measured on`() throws {
    var design = SyntheticDesign().design
    design.wordLengths = .value(try WordLengthCurve(json: text, file: "w.json"))
    let tree = try PageTree(QoRPage(title: "t", designs: [design]).html)
    let figure = try #require(
      tree.root.all("figure").first { $0.attributes["id"] == "design-1-wordlength" })
    #expect(figure.text.contains("<W,2>"))
    #expect(figure.text.contains("\u{2212}25.50\u{A0}dB"))
    #expect(tree.root.text.contains("the network run in integers on APA_200MHz, val split"))
  }

  @Test(arguments: [
    ("\"schemaVersion\": 1", "\"schemaVersion\": 9", "schema version 9"),
    ("<6,1>", "6,1", "'6,1' is no format"), ("<6,1>", "<6>", "'<6>' is no format"),
    ("\"joint\": [", "\"joint\": [], \"x\": [", "search only"),
    ("\"samples\"", "\"simples\"", "samples"),
  ])
  func `another file is refused by name`(old: String, new: String, words: String) {
    let error =
      #expect(throws: (any Error).self) {
        try WordLengthCurve(json: text.replacing(old, with: new), file: "w.json")
      } as? any PareError
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("w.json") == true)
  }
}
