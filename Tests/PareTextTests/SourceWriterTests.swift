import PareText
import Testing

@Suite struct SourceWriterTests {
  @Test func `indents blocks and aligns trailing comments of neighbours`() {
    var out = SourceWriter()
    out.line("module m;")
    out.indented {
      $0.line("wire a;", comment: "first")
      $0.line("wire longer;", comment: "second")
      $0.line("wire bare;")
      $0.line("wire b;", comment: "alone")
    }
    out.line("endmodule")
    #expect(
      out.finish() == """
        module m;
          wire a;       // first
          wire longer;  // second
          wire bare;
          wire b;  // alone
        endmodule

        """)
  }

  @Test func `prints a table with aligned columns and no trailing blanks`() {
    var table = TextTable([("stage", .left), ("lut", .right), ("note", .left)])
    table.add(["synthesis", "188", ""])
    table.add(["route", "1,024", "estimate"])
    #expect(
      table.text == """
        stage        lut  note
        ---------  -----  --------
        synthesis    188
        route      1,024  estimate
        """)
  }
}
