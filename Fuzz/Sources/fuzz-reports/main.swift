import PareText
import PareTools

// libFuzzer calls this with a new input again and again; a trap ends it and leaves the input in a file.
private func parse(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
  let text = unsafe String(decoding: bytes, as: UTF8.self)
  do {
    let report = try VendorReport(parsing: text, from: "input")
    // Whatever was taken must be printable, and be the same after a way through JSON.
    precondition(!report.text.isEmpty, "no text")
    let json = JSONText.encode(report)
    let again = try JSONText.decode(VendorReport.self, from: json, file: "json")
    precondition(again == report, "JSON lost something")
  } catch let error as VendorReportError {
    precondition(!error.message.isEmpty && !error.hint.isEmpty, "a fault without words")
  } catch {
    preconditionFailure("a report that JSON cannot hold: \(error)")
  }
  return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

// The driver ends the program itself when it is done.
var count = CommandLine.argc
var words = unsafe CommandLine.unsafeArgv
let status = unsafe runDriver(&count, &words) { unsafe parse($0, $1) }
precondition(status == 0, "libFuzzer ended with \(status)")
