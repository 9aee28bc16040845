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

/// Built by `Fuzz/run.sh` only, which adds libFuzzer; see docs/guides/fuzzing.md.
let package = Package(
  name: "pare-fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "pare", path: "..")],
  targets: [
    .executableTarget(
      name: "fuzz-reports", dependencies: [.product(name: "PareReports", package: "pare")],
      path: "Sources/fuzz-reports", swiftSettings: strict)
  ]
)
