// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "pare-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "pare", path: "..")],
  targets: [
    .target(
      name: "Measurement", dependencies: [.product(name: "PareLearn", package: "pare")],
      path: "Sources/Measurement", swiftSettings: strict),
    .executableTarget(
      name: "bench-kernels",
      dependencies: ["Measurement", .product(name: "PareLearn", package: "pare")],
      path: "Sources/bench-kernels", swiftSettings: strict),
    .executableTarget(
      name: "bench-training",
      dependencies: ["Measurement", .product(name: "PareLearn", package: "pare")],
      path: "Sources/bench-training", swiftSettings: strict),
    .executableTarget(
      name: "bench-integers",
      dependencies: ["Measurement", .product(name: "Pare", package: "pare")],
      path: "Sources/bench-integers", swiftSettings: strict),
    .executableTarget(
      name: "measure-training", dependencies: [.product(name: "Pare", package: "pare")],
      path: "Sources/measure-training", swiftSettings: strict),
    .executableTarget(
      name: "measure-second-order", dependencies: [.product(name: "Pare", package: "pare")],
      path: "Sources/measure-second-order", swiftSettings: strict),
    .executableTarget(
      name: "measure-sparsity", dependencies: [.product(name: "Pare", package: "pare")],
      path: "Sources/measure-sparsity", swiftSettings: strict),
    .executableTarget(
      name: "measure-timing", dependencies: [.product(name: "Pare", package: "pare")],
      path: "Sources/measure-timing", swiftSettings: strict),
    .executableTarget(
      name: "measure-sweep",
      dependencies: ["Measurement", .product(name: "Pare", package: "pare")],
      path: "Sources/measure-sweep", swiftSettings: strict),
    .target(
      name: "BenchmarkLayers", dependencies: [.product(name: "Pare", package: "pare")],
      path: "Sources/BenchmarkLayers", exclude: ["trained_layers.json"], swiftSettings: strict),
    .executableTarget(
      name: "measure-shift-add",
      dependencies: ["BenchmarkLayers", .product(name: "Pare", package: "pare")],
      path: "Sources/measure-shift-add", swiftSettings: strict),
    .executableTarget(
      name: "measure-peers",
      dependencies: ["BenchmarkLayers", .product(name: "Pare", package: "pare")],
      path: "Sources/measure-peers", swiftSettings: strict),
    .target(
      name: "BenchmarkDesigns", dependencies: [.product(name: "Pare", package: "pare")],
      path: "Sources/BenchmarkDesigns", swiftSettings: strict),
    .executableTarget(
      name: "measure-resources",
      dependencies: ["BenchmarkDesigns", .product(name: "Pare", package: "pare")],
      path: "Sources/measure-resources", swiftSettings: strict),
    .executableTarget(
      name: "measure-power",
      dependencies: ["BenchmarkDesigns", .product(name: "Pare", package: "pare")],
      path: "Sources/measure-power", swiftSettings: strict),
    .executableTarget(
      name: "measure-netlist",
      dependencies: ["BenchmarkDesigns", "Measurement", .product(name: "Pare", package: "pare")],
      path: "Sources/measure-netlist", swiftSettings: strict),
    .executableTarget(
      name: "measure-zero-test", dependencies: [.product(name: "Pare", package: "pare")],
      path: "Sources/measure-zero-test", swiftSettings: strict),
    .executableTarget(
      name: "measure-baselines", dependencies: [.product(name: "Pare", package: "pare")],
      path: "Sources/measure-baselines", swiftSettings: strict),
  ]
)
