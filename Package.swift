// swift-tools-version: 6.2
import PackageDescription

/// Every target of Pare is built with the same strict settings; a warning is an error.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

func module(
  _ name: String, in floor: String, uses: [Target.Dependency] = [], embedding: [String] = []
) -> Target {
  .target(
    name: name, dependencies: uses, path: "Sources/\(floor)/\(name)",
    resources: embedding.map { .embedInCode($0) }, swiftSettings: strict)
}

func tests(
  of name: String, uses: [Target.Dependency] = [], fixtures: [String] = [], golden: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + uses,
    path: "Tests/\(name)Tests", exclude: golden, resources: fixtures.map { .copy($0) },
    swiftSettings: strict)
}

let package = Package(
  name: "pare",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "pare", targets: ["pare"]),
    .library(
      name: "Pare",
      targets: [
        "PareNumerics", "PareText", "PareSignal", "PareNetwork", "PareTrain", "PareDPD",
        "PareFixed", "PareDatapath", "PareHLS", "PareRTL", "PareTools", "PareQoR", "PareExplore",
        "PareReport",
      ]),
    .library(
      name: "PareLearn",
      targets: ["CPareKernels", "PareNumerics", "PareSignal", "PareNetwork", "PareTrain"]),
    // The readers of vendors' reports and what they need, for Fuzz/.
    .library(name: "PareReports", targets: ["PareText", "PareTools"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
  ],
  targets: [
    // Base
    module("PareText", in: "Base"),
    module("PareNumerics", in: "Base", uses: ["PareText"]),
    .target(
      name: "CPareKernels", path: "Sources/Base/CPareKernels",
      cSettings: [.treatAllWarnings(as: .error)]),

    // Learn
    module("PareSignal", in: "Learn", uses: ["PareNumerics", "PareText"]),
    module("PareNetwork", in: "Learn", uses: ["PareNumerics", "PareText", "CPareKernels"]),
    module(
      "PareTrain", in: "Learn", uses: ["PareNetwork", "PareNumerics", "PareText", "CPareKernels"]),
    module(
      "PareDPD", in: "Learn",
      uses: [
        "PareSignal", "PareNetwork", "PareTrain", "PareNumerics", "PareText", "CPareKernels",
      ]),

    // Realize
    module("PareDatapath", in: "Realize", uses: ["PareNumerics", "PareText"]),
    module(
      "PareFixed", in: "Realize",
      uses: ["PareNetwork", "PareDatapath", "PareNumerics", "PareText", "CPareKernels"]),
    module(
      "PareHLS", in: "Realize", uses: ["PareFixed", "PareNetwork", "PareNumerics", "PareText"],
      embedding: [
        "Templates/ap_fixed.h", "Templates/ap_int.h", "Templates/hls_stream.h",
        "Templates/pare_bench.h",
      ]),
    module(
      "PareRTL", in: "Realize", uses: ["PareDatapath", "PareNumerics", "PareText"],
      embedding: [
        "Templates/pare_driver.v", "Templates/pare_driver.vhd", "Templates/pare_axis_driver.v",
        "Templates/pare_axis_driver.vhd", "Templates/pare_row3.v", "Templates/pare_row3.vhd",
      ]),
    module(
      "PareTools", in: "Realize",
      uses: [
        "PareText", .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    module(
      "PareQoR", in: "Realize",
      uses: ["PareTools", "PareDatapath", "PareNumerics", "PareText", "CPareKernels"],
      embedding: ["Power/power-models.json"]),

    // Select
    module(
      "PareExplore", in: "Select",
      uses: [
        "PareSignal", "PareDPD", "PareNetwork", "PareTrain", "PareFixed", "PareDatapath", "PareHLS",
        "PareRTL", "PareTools", "PareQoR", "PareNumerics", "PareText",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Yams", package: "Yams"),
      ]),
    module(
      "PareReport", in: "Select",
      uses: [
        "PareExplore", "PareQoR", "PareTools", "PareFixed", "PareDatapath", "PareDPD",
        "PareSignal", "PareNumerics", "PareText",
      ],
      embedding: [
        "Templates/plot.js", "Templates/report.js", "Templates/report.css", "Templates/qor.css",
      ]),

    // Tool
    .executableTarget(
      name: "pare",
      dependencies: [
        "PareReport", "PareExplore", "PareDPD", "PareSignal", "PareNetwork", "PareTrain",
        "PareFixed", "PareDatapath", "PareHLS", "PareRTL", "PareTools", "PareQoR", "PareNumerics",
        "PareText",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/Tool/pare", swiftSettings: strict),

    // Tests, in the same order
    tests(of: "PareText"),
    tests(of: "PareNumerics"),
    tests(of: "PareSignal", uses: ["PareTools", "PareNumerics", "PareText"]),
    tests(of: "PareNetwork", uses: ["PareNumerics", "PareText", "CPareKernels"]),
    tests(
      of: "PareTrain",
      uses: ["PareNetwork", "PareTools", "PareNumerics", "PareText", "CPareKernels"]),
    tests(
      of: "PareDPD",
      uses: [
        "PareSignal", "PareNetwork", "PareTrain", "PareTools", "PareNumerics", "PareText",
        "CPareKernels",
      ]),
    .target(
      name: "RandomDatapaths", dependencies: ["PareDatapath", "PareNumerics"],
      path: "Tests/RandomDatapaths", swiftSettings: strict),
    tests(of: "PareDatapath", uses: ["PareNumerics", "PareText", "RandomDatapaths"]),
    .target(
      name: "RandomNetworks", dependencies: ["PareNetwork", "PareNumerics"],
      path: "Tests/RandomNetworks", swiftSettings: strict),
    tests(
      of: "PareFixed",
      uses: ["PareNetwork", "PareDatapath", "PareNumerics", "PareText", "RandomNetworks"],
      golden: ["Fixtures"]),
    tests(
      of: "PareHLS",
      uses: [
        "PareTools", "PareFixed", "PareNetwork", "PareNumerics", "PareText", "RandomNetworks",
      ],
      golden: ["Golden"]),
    tests(
      of: "PareRTL", uses: ["PareDatapath", "PareNumerics", "PareText", "RandomDatapaths"],
      golden: ["Golden"]),
    tests(
      of: "PareTools", uses: ["PareRTL", "PareDatapath", "PareNumerics", "PareText"],
      golden: ["Reports/Samples"]),
    tests(
      of: "PareQoR",
      uses: ["PareTools", "PareDatapath", "PareNumerics", "PareText", "CPareKernels"]),
    tests(
      of: "PareExplore",
      uses: [
        "PareSignal", "PareDPD", "PareNetwork", "PareTrain", "PareFixed", "PareDatapath", "PareRTL",
        "PareTools", "PareQoR", "PareNumerics", "PareText", "RandomNetworks",
        .product(name: "GRDB", package: "GRDB.swift"),
      ], golden: ["Fixtures"]),
    tests(
      of: "PareReport",
      uses: [
        "PareExplore", "PareQoR", "PareTools", "PareDatapath", "PareFixed", "PareSignal",
        "PareNetwork", "PareTrain", "PareNumerics", "PareText",
      ]),
    .testTarget(
      name: "PipelineTests", dependencies: ["pare"], path: "Tests/PipelineTests",
      exclude: ["Fixtures", "Snapshots"], swiftSettings: strict),
  ]
)
