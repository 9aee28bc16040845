#if canImport(FoundationXML)
  import Foundation
  import FoundationXML
#else
  import Foundation
#endif

/// An element of a report in XML.
struct ReportElement {
  let name: String
  let attributes: [String: String]
  /// Without blanks at the ends.
  fileprivate(set) var text = ""
  fileprivate(set) var children: [ReportElement] = []

  /// The first child of that name.
  subscript(name: String) -> ReportElement? { children.first { $0.name == name } }

  /// No tool nests deeper than its hierarchy of loops; a text that does would be an attack on the stack.
  static let deepest = 128

  /// - Throws: ``VendorReportError`` for a text that is not well-formed, too deep, or declares entities.
  init(parsing text: ReportText) throws(VendorReportError) {
    // The tools write no document type, and without one there are no entities to grow from small to huge.
    for (index, line) in text.lines.enumerated()
    where line.contains("<!DOCTYPE") || line.contains("<!ENTITY") {
      throw text.fault(.xml(line: index + 1, reason: "a document type, which no report has"))
    }
    let builder = ElementBuilder()
    // A stream and not the data as a whole, of which the parser refuses more than about 900 kB on Linux.
    let stream = InputStream(data: Data(text.lines.joined(separator: "\n").utf8))
    let parser = XMLParser(stream: stream)
    parser.shouldResolveExternalEntities = false
    parser.delegate = builder
    let isWhole = parser.parse()
    if let fault = builder.fault { throw text.fault(fault) }
    guard isWhole, let root = builder.root else {
      throw text.fault(
        .xml(
          line: builder.line ?? max(0, parser.lineNumber),
          reason: builder.openNames.last.map { "the XML ends or breaks inside <\($0)>" }
            ?? "not well-formed XML"))
    }
    self = root
  }

  fileprivate init(name: String, attributes: [String: String]) {
    self.name = name
    self.attributes = attributes
  }
}

/// Grows the tree while the parser runs.
private final class ElementBuilder: NSObject, XMLParserDelegate {
  private var open: [ReportElement] = []
  private var texts: [[String]] = []
  private(set) var root: ReportElement?
  private(set) var fault: VendorReportError.Code?
  /// Line of the first fault of the parser.
  private(set) var line: Int?

  var openNames: [String] { open.map(\.name) }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    guard fault == nil else { return }
    guard open.count < ReportElement.deepest else {
      fault = .xml(line: parser.lineNumber, reason: "elements nested too deep")
      parser.abortParsing()
      return
    }
    open.append(ReportElement(name: name, attributes: attributes))
    texts.append([])
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) {
    guard fault == nil, !texts.isEmpty else { return }
    texts[texts.count - 1].append(characters)
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard fault == nil, var element = open.popLast(), let pieces = texts.popLast() else { return }
    element.text = pieces.joined().split { $0.isWhitespace }.joined(separator: " ")
    if open.isEmpty {
      root = element
    } else {
      open[open.count - 1].children.append(element)
    }
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
    line = line ?? parser.lineNumber
  }
}
