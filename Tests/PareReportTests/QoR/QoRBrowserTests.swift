import Foundation
import PareReport
import Testing

/// The page of designs in a real browser; left out, and said so, where there is none.
@Suite(
  .enabled(
    if: Browser.installed != nil || Browser.isRequired,
    "no Chromium on PATH (nor in PARE_CHROMIUM): how the page of designs behaves in a browser was not tested"
  ),
  .serialized)
struct QoRBrowserTests {
  let browser: Browser

  init() throws {
    browser = try #require(
      Browser.installed, "PARE_REQUIRE_BROWSER is 1, and there is no Chromium on PATH")
  }

  /// Pixels that the page would scroll sideways in frames of some widths.
  private func excess(of html: String, in widths: [Int]) throws -> [Int] {
    let folder = try Browser.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = html.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
    let frames = widths.map {
      "<iframe style=\"border:0;width:\($0)px;height:2000px\" srcdoc=\"\(text)\"></iframe>"
    }
    let page = """
      <!DOCTYPE html><html><body>\(frames.joined())<script>
      addEventListener("load", () => {
        const found = [...document.querySelectorAll("iframe")].map(
          (frame) => { const page = frame.contentDocument.documentElement; return page.scrollWidth - page.clientWidth; });
        document.body.setAttribute("data-excess", found.join(" "));
      });
      </script></body></html>
      """
    let file = folder.appending(path: "frames.html")
    try Data(page.utf8).write(to: file)
    let outcome = try browser.open(file)
    #expect(outcome.console == [])
    let mark = try #require(outcome.document.firstRange(of: "data-excess=\""))
    return outcome.document[mark.upperBound...].prefix { $0 != "\"" }.split(separator: " ")
      .compactMap { Int($0) }
  }

  @Test func `the page is no wider than a small phone, a tablet or a screen`() throws {
    var long = SyntheticDesign(name: "k11-c16-n3-relu-apot-p95-with-a-long-name-of-no-use").design
    long.optimized.summary = String(repeating: "k11-c16-n3-relu, apot:2:4 weights ", count: 4)
    let screens = [360, 390, 768, 1280]
    for designs in [[SyntheticDesign().design], [long, SyntheticDesign(baselineSize: 100).design]] {
      let html = QoRPage(title: "test", designs: designs, commands: ["pare report a"]).html
      let excess = try excess(of: html, in: screens)
      #expect(excess == screens.map { _ in 0 }, "\(excess) pixels too wide")
    }
  }
}
