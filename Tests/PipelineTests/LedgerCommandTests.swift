import Foundation
import Testing

/// `pare ledger` on a ledger that version 1 of the schema wrote: five rows, a sixth with the name of the second, a failed one.
@Suite struct LedgerCommandTests {
  private func withRun(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let run = folder.appending(path: "run")
      try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: CommandLineTool.repository.appending(
          path: "Tests/PipelineTests/Fixtures/ledger.sqlite"),
        to: run.appending(path: "ledger.sqlite"))
      try body(folder)
    }
  }

  private func rows(_ run: Run) throws -> [[String: Any]] {
    #expect(run.status == 0, "\(run.errors)")
    return try #require(
      JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
  }

  @Test func `a run is its folder or the file in it`() throws {
    try withRun { folder in
      let whole = try CommandLineTool.pare("ledger", "show", "run", in: folder)
      #expect(whole.status == 0, "\(whole.errors)")
      for words in ["finished     6", "failed       1", "in progress  1", "apot:2:4", "at all"] {
        #expect(whole.output.contains(words), "\(whole.output)")
      }
      let file = try CommandLineTool.pare("ledger", "show", "run/ledger.sqlite", in: folder)
      #expect(file.output == whole.output)
      let json = try CommandLineTool.pare("ledger", "show", "run", "--json", in: folder)
      let object = try #require(
        JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect(object["finished"] as? Int == 6 && object["failed"] as? Int == 1)
    }
  }

  @Test func `CSV and JSON read in Python as the table does`() throws {
    try withRun { folder in
      for name in ["rows.csv", "rows.json"] {
        let written = try CommandLineTool.pare(
          "ledger", "export", "run", "--format", String(name.dropFirst(5)),
          "--out", name, in: folder)
        #expect(written.status == 0 && written.output.isEmpty, "\(written.errors)")
      }
      try Data(
        """
        import csv, json, sqlite3
        ledger = sqlite3.connect("file:run/ledger.sqlite?mode=ro", uri=True)
        ledger.row_factory = sqlite3.Row
        table = [dict(row) for row in ledger.execute("SELECT * FROM candidate ORDER BY key")]
        # The table was written before predistorters had a quality.
        for row in table:
          for name in ("quality_db", "test_quality_db"):
            assert name not in row
            row[name] = None
        text = lambda value: "" if value is None else str(value)
        lines = list(csv.DictReader(open("rows.csv", newline="")))
        number = lambda value: float(value) if value else None
        assert len(lines) == len(table) == 7
        for line, row in zip(lines, table):
          assert sorted(line) == sorted(row)
          for name, value in row.items():
            same = number(line[name]) == value if isinstance(value, (int, float)) else line[name] == text(value)
            assert same, (row["key"], name, line[name], value)
        for row in table:
          for name in ("seeds", "point"):
            row[name] = json.loads(row[name])
        assert json.load(open("rows.json")) == table
        print("equal")
        """.utf8
      ).write(to: folder.appending(path: "compare.py"))
      let compared = try CommandLineTool.python("compare.py", in: folder)
      #expect(compared.output == "equal\n", "\(compared.errors)")
    }
  }

  @Test func `a model comes by key or by a name that is its own`() throws {
    try withRun { folder in
      let lines = try rows(
        try CommandLineTool.pare("ledger", "export", "run", "--json", in: folder))
      let names = Dictionary(grouping: lines) { $0["name"] as! String }
      for line in lines where line["failure"] is NSNull {
        let key = line["key"] as! String
        let name = line["name"] as! String
        let byKey = try CommandLineTool.pare("ledger", "model", "run", key, in: folder)
        #expect(byKey.status == 0 && byKey.output.hasPrefix("{"))
        let byName = try CommandLineTool.pare(
          "ledger", "model", "run", name, "--out", "m.json", in: folder)
        if names[name]!.count == 1 {
          #expect(byName.status == 0)
          let model = try Data(contentsOf: folder.appending(path: "m.json"))
          #expect(String(decoding: model, as: UTF8.self) == byKey.output)
          #expect(byKey.output.contains(key))
        } else {
          #expect(byName.status == 64)
          for twin in names[name]! { #expect(byName.errors.contains(twin["key"] as! String)) }
        }
      }
      let name = lines.first { $0["failure"] is NSNull }!["name"] as! String
      let typo = try CommandLineTool.pare("ledger", "model", "run", name + "x", in: folder)
      #expect(typo.status == 64 && typo.errors.contains("did you mean '\(name)'?"))
    }
  }

  @Test func `a file that is no ledger is named in two lines and left as it is`() throws {
    try withTemporaryFolder { folder in
      let text = Data("key,nmse\n1,2\n".utf8)
      try text.write(to: folder.appending(path: "rows.csv"))
      for (run, words) in [("rows.csv", "rows.csv: no SQLite"), (".", "./ledger.sqlite: no such")] {
        let fault = try CommandLineTool.pare("ledger", "show", run, in: folder)
        #expect(fault.status == 65 && fault.errors.contains(words), "\(fault.errors)")
        #expect(fault.errors.split(separator: "\n").count == 2)
      }
      #expect(try Data(contentsOf: folder.appending(path: "rows.csv")) == text)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["rows.csv"])
    }
  }
}
