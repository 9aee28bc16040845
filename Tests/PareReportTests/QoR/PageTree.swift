import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page as a tree of elements; a page that is no well-formed XML has none.
final class PageTree: NSObject, XMLParserDelegate {
  final class Element {
    let name: String
    let attributes: [String: String]
    /// In the order of the page; texts between them are in ``text`` only.
    var children: [Element] = []
    /// That of the element itself and of all in it.
    var text = ""
    /// That of the element itself, without what is in its children.
    var ownText = ""

    init(_ name: String, _ attributes: [String: String]) {
      self.name = name
      self.attributes = attributes
    }

    var classes: [String] { (attributes["class"] ?? "").split(separator: " ").map(String.init) }

    /// The element and all in it, in the order of the page.
    var all: [Element] { [self] + children.flatMap(\.all) }

    func all(_ name: String, class needed: String? = nil) -> [Element] {
      all.filter { $0.name == name && (needed == nil || $0.classes.contains(needed!)) }
    }
  }

  private(set) var root = Element("", [:])
  private var path: [Element] = []

  init(_ html: String) throws {
    super.init()
    path = [root]
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = self
    let isWellFormed = parser.parse()
    try #require(
      isWellFormed,
      "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "no reason")")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String] = [:]
  ) {
    let element = Element(name, attributes)
    path[path.count - 1].children.append(element)
    path.append(element)
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    path.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    path[path.count - 1].ownText += string
    for element in path { element.text += string }
  }
}
