import PareFixed
import PareQoR
import PareSignal
import PareText
import PareTools

/// Networks of the table as gates: compiled, synthesized, compared, measured.
struct TableTwoHardware {
  /// How a network is built.
  enum Form: String {
    /// Shared shifts and adds.
    case optimized
    /// As ``UnoptimizedTwin`` compiles it.
    case twin
  }

  private let plan: TableTwo.Plan
  private let folder: String
  private let devices: [Device]
  private let toolchain: Toolchain
  private let routing: RoutingOptions
  private let onEvent: @Sendable (TableTwo.Event) -> Void

  /// Finds every tool before the work starts.
  init(
    _ plan: TableTwo.Plan, in folder: String, jobs: Int,
    onEvent: @escaping @Sendable (TableTwo.Event) -> Void
  ) async throws {
    self.plan = plan
    self.folder = folder
    self.onEvent = onEvent
    devices = try plan.devices.map { try Device(named: $0) }
    toolchain = try await Toolchain.openSource(for: devices)
    routing = RoutingOptions(
      frequencyMHz: plan.clockMHz, seeds: plan.routingSeeds, jobs: jobs)
  }

  func build(
    _ candidate: CandidateSummary, _ model: ModelFile, as form: Form, on dataset: IQDataset
  ) async throws -> TableTwoReport.Design {
    let path =
      "\(folder)/designs/\(candidate.name)-\(candidate.key)-\(form.rawValue)"
    var records: [QoRRecord] = []
    // One folder for each family: a design is compiled for the logic of its device.
    for device in devices {
      var options = CompileOptions(generator: plan.generator)
      options.targets = [device.name]
      options.clockMHz = plan.clockMHz
      if form == .twin { options = UnoptimizedTwin.options(like: options) }
      let design = try DesignFolder.compile(
        .model(model), options: options, to: "\(path)-\(device.name)")
      onEvent(.note("\(candidate.name), \(form.rawValue), for \(device.name)"))
      records += try await design.implement(
        on: [device], with: toolchain, options: routing,
        examination: ExaminationOptions(checkSamples: plan.checkedSamples)
      ) { onEvent(.tool($0)) }.records
    }
    guard let training = model.training,
      let validation = training.fixedValidationNMSEdB, let test = training.fixedTestNMSEdB
    else { preconditionFailure("\(candidate.key): a model of a sweep without its scores") }
    return TableTwoReport.Design(
      name: candidate.name, key: candidate.key,
      nnz: model.fixed.nonZeroCount, validationNMSEdB: validation, testNMSEdB: test,
      records: records, folder: "\(path)-\(devices[0].name)")
  }
}
