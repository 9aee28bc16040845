import PareText
import Testing

@Suite struct SpellingTests {
  @Test(arguments: [
    ("kernal", "kernel"), ("quantiser", "quantizer"), ("Sparsity", "sparsity"), ("sede", "seed"),
  ])
  func `finds the word that was meant`(typed: String, meant: String) {
    #expect(nearestWord(to: typed, among: ["seed", "kernel", "quantizer", "sparsity"]) == meant)
  }

  @Test func `offers nothing for a word that is not close to any`() {
    #expect(nearestWord(to: "banana", among: ["seed", "kernel"]) == nil)
    #expect(nearestWord(to: "x", among: []) == nil)
  }
}
