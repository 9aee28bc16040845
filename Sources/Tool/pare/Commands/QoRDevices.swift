import ArgumentParser
import PareQoR
import PareText

/// `pare qor devices`: the parts that are known.
struct QoRDevices: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "Print the devices that designs can be compiled for, and what each has room for.")

  @OptionGroup var common: CommonOptions

  func run() throws {
    Console.result(common.json ? JSONText.encode(Device.all) : Device.text())
  }
}
