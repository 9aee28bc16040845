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
    .executableTarget(
      name: "bench-training", dependencies: [.product(name: "Pare", package: "pare")],
      path: "Sources/bench-training", swiftSettings: strict),
    .executableTarget(
      name: "measure-training", dependencies: [.product(name: "Pare", package: "pare")],
      path: "Sources/measure-training", swiftSettings: strict),
    .executableTarget(
      name: "measure-sparsity", dependencies: [.product(name: "Pare", package: "pare")],
      path: "Sources/measure-sparsity", swiftSettings: strict),
  ]
)
