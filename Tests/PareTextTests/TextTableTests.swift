import PareText
import Testing

@Suite struct TextTableTests {
  private var table: TextTable {
    var table = TextTable([("design", .left), ("LUT", .right)])
    table.add(["a|b", "7"])
    table.add(["twin", "2,002"])
    return table
  }

  @Test func `columns are aligned to their widest cell`() {
    #expect(
      table.text == """
        design    LUT
        ------  -----
        a|b         7
        twin    2,002
        """)
  }

  @Test func `Markdown aligns numbers to the right and keeps bars in a cell`() {
    #expect(
      table.markdown == """
        | design | LUT |
        | --- | ---: |
        | a\\|b | 7 |
        | twin | 2,002 |
        """)
  }
}
