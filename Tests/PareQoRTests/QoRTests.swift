import PareText
import PareTools
import Testing

@testable import PareQoR

@Suite struct QoRTests {
  private func figure(_ value: Double, _ kind: Provenance.Kind = .measured) -> Figure {
    Figure(value, Provenance(kind, tool: "yosys", version: "0.70", stage: .synthesis, note: "n"))
  }

  private var record: QoRRecord {
    QoRRecord(
      design: "dpd", stage: .synthesis, tool: "yosys", version: "0.70", target: "zcu104",
      part: "xczu7ev-ffvc1156-2-e",
      figures: [
        .lut: figure(2304), .lutSites: figure(1900, .estimated), .ff: figure(192),
        .bram: figure(0.5), .dsp: figure(0),
      ], device: .zcu104, warnings: ["careful"], seconds: 3.5)
  }

  @Test func `qor.json is a list of records that reads back as it was`() throws {
    let json = try QoR([record]).json()
    #expect(json.hasPrefix("[\n  {\n"))
    #expect(json.contains("\"schemaVersion\" : 1"))
    #expect(json.contains("\"lut\" : 2304"))
    #expect(json.contains("\"kind\" : \"estimated\""))
    #expect(!json.contains("seconds"), "times would change the bytes from run to run")
    #expect(!json.contains("fmaxMHz"), "what a stage cannot know is absent")
  }

  @Test func `a record survives its file`() throws {
    let folder = Folder(scratchPath())
    try folder.create()
    try QoR([record]).write(to: folder)
    let back = try QoR(contentsOf: folder.file("qor.json"))
    var expected = record
    expected.seconds = nil
    #expect(back.records == [expected])
    try folder.remove()
  }

  @Test(arguments: [
    ("{}", "not a list of records"), ("[{\"schemaVersion\": 9}]", "schema version 9"),
    ("[{\"schemaVersion\": 1}]", "not a list of records"),
  ])
  func `a file that is no qor.json says so with its path`(text: String, words: String) throws {
    let folder = Folder(scratchPath())
    try folder.create()
    try folder.write(text, to: "q.json")
    let error = try #require(throws: QoRError.self) { try QoR(contentsOf: folder.file("q.json")) }
    #expect(error.message.contains(folder.file("q.json")))
    #expect(error.message.contains(words))
    try folder.remove()
  }

  @Test func `a figure without its provenance is not read`() throws {
    let json = try QoR([record]).json().replacing("\"ff\" : {", with: "\"other\" : {")
    let folder = Folder(scratchPath())
    try folder.create()
    try folder.write(json, to: "q.json")
    #expect(throws: QoRError.self) { try QoR(contentsOf: folder.file("q.json")) }
    try folder.remove()
  }

  @Test func `the table marks estimates and shows what is not known as such`() {
    let routed = QoRRecord(
      design: "dpd", stage: .placeAndRoute, tool: "nextpnr-ecp5", version: "0.11.1",
      target: "ecp5-85k", figures: [.lut: figure(300), .fmaxMHz: figure(171.44)])
    #expect(
      QoR([record, routed]).text
        == """
        target    stage          tool                   LUT   sites   FF  DSP  BRAM  fmax MHz  device used
        --------  -------------  -------------------  -----  ------  ---  ---  ----  --------  -----------
        zcu104    synthesis      yosys 0.70           2,304  ~1,900  192    0   0.5         -   1.00 % lut
        ecp5-85k  placeAndRoute  nextpnr-ecp5 0.11.1    300       -    -    -     -     171.4            -
        ~ estimated, not measured; see the provenance in qor.json
        warning: zcu104 synthesis: careful
        """)
  }

  @Test func `a design that is too big does not fit, and the kind of cell is named`() {
    let big = QoRRecord(
      design: "dpd", stage: .synthesis, tool: "yosys", version: "0.70", target: "ecp5-25k",
      figures: [.lut: figure(24_289), .ff: figure(100), .dsp: figure(29)],
      device: .ecp5(.k25))
    #expect(!big.fits)
    #expect(big.overflowing == [.lut, .dsp])
    #expect(QoR([big]).text.contains("dpd does not fit ecp5-25k: too many lut, dsp"))
    #expect(QoR([big]).text.contains("does not fit"))
    #expect(record.fits)
  }

  @Test(arguments: [
    ("zcu104", "zcu104"), ("ecp5", "ecp5-85k"), ("ecp5-25k", "ecp5-25k"),
    ("XCZU7EV-ffvc1156-2-e", "zcu104"), ("xc7z010clg400-1", "zynq7010"), ("artix35t", "artix35t"),
  ])
  func `devices go by their alias and by their part`(name: String, device: String) throws {
    #expect(try Device(named: name).name == device)
  }

  @Test func `a misspelt device is answered with the nearest one`() throws {
    let error = try #require(throws: QoRError.self) { try Device(named: "ecp5-58k") }
    #expect(error.hint == "did you mean ecp5-85k?")
    #expect(error.kind == .usage)
  }

  @Test(arguments: [
    ("utilization_2024.2_ultrascaleplus_routed.rpt", "zcu104"),
    ("utilization_2018.3_series7_synthesized.rpt", "zynq7010"),
  ])
  func `capacities of AMD parts are those that published reports of Vivado name as available`(
    file: String, name: String
  ) throws {
    let folder = Folder(#filePath).parent.parent.folder("PareToolsTests/Reports/Samples")
    guard case .utilization(let report) = try VendorReport(contentsOf: folder.file(file)) else {
      preconditionFailure("\(file) is another report")
    }
    let device = try Device(named: name)
    var compared = 0
    for (kind, figure) in [
      (ResourceKind.lut, FigureName.lut), (.ff, .ff), (.dsp, .dsp), (.carry8, .carry8),
      (.bramTile, .bram), (.uram, .uram),
    ] {
      guard let available = report.resources[kind]?.available else { continue }
      #expect(device.capacity[figure] == available, "\(figure)")
      compared += 1
    }
    #expect(compared >= 4)
  }

  @Test func `the table of devices names every part and where its capacities come from`() {
    let text = Device.text()
    for device in Device.all {
      #expect(text.contains(device.part) && text.contains(device.source))
    }
    #expect(text.contains("230,400") && text.contains("1,728"))
  }

  @Test func `a bitstream and a translated path survive qor.json and are printed`() throws {
    let routed = record.with(
      criticalPath: CriticalPath(
        from: "a_FF.Q", to: "b_FF.DI", nanoseconds: 4, logicNanoseconds: 3, routingNanoseconds: 1,
        levels: 2,
        stretches: [
          .init(
            signal: "a", meaning: "layer 0, channel 1, sum: x0[n]", cells: 1, nanoseconds: 0.5,
            routingNanoseconds: 0),
          .init(
            signal: "$abc$7", meaning: nil, cells: 2, nanoseconds: 2.5, routingNanoseconds: 1),
        ]),
      bitstream: Bitstream(
        file: "synth/route-ecp5-85k/dpd.bit", bytes: 309_386, seed: 2, isHarness: false,
        tool: .ecppack, toolVersion: "1"))
    let folder = Folder(scratchPath())
    try folder.create()
    try QoR([routed]).write(to: folder)
    let back = try QoR(contentsOf: folder.file("qor.json"))
    #expect(back.records[0].criticalPath == routed.criticalPath)
    #expect(back.records[0].bitstream == routed.bitstream)
    #expect(
      back.text.contains(
        """
        zcu104 critical path 4.00 ns (3.00 in cells, 1.00 in wires, 2 levels): a to $abc$7
          a: layer 0, channel 1, sum: x0[n] (1 cell, 0.50 ns)
          $abc$7: no signal of the design (2 cells, 3.50 ns)
        zcu104 bitstream synth/route-ecp5-85k/dpd.bit, 309,386 bytes, seed 2
        """))
    try folder.remove()
  }
}
