import PareDatapath
import PareNumerics
import RandomDatapaths
import Testing

@Suite struct LinearToProductsTests {
  private func products(_ datapath: Datapath) -> Int { datapath.statistics.multiplyCount }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func `products give the results of the sums`(seed: UInt64) throws {
    let datapath =
      seed % 2 == 0
      ? try RandomDatapath.network(seed: seed) : try RandomDatapath.anything(seed: seed)
    let stimulus = RandomDatapath.stimulus(for: datapath, count: 200, seed: seed)
    let multiplied = try datapath.optimized(
      by: .solving(SolverOptions(effort: .fast), multiplying: []))
    #expect(try multiplied.run(stimulus) == datapath.run(stimulus))
    let solved = try datapath.optimized(
      by: .solving(SolverOptions(family: .ultraScalePlus, effort: .fast), multiplying: []))
    #expect(try solved.run(stimulus) == datapath.run(stimulus))
    #expect(!multiplied.nodes.contains { if case .linear = $0.op { true } else { false } })
  }

  @Test func `only the layers that are named are multiplied`() throws {
    let datapath = try RandomDatapath.network(seed: 5)
    let all = products(try LinearToProducts()(datapath))
    let first = products(try LinearToProducts(layers: ["l0"])(datapath))
    let second = products(try LinearToProducts(layers: ["l1"])(datapath))
    #expect(first > 0 && second > 0 && first + second == all)
  }

  @Test func `powers of two stay shifts`() throws {
    let text = """
      datapath 1
      inputs x0
      %0: <6,1> [-32, 31] = input 0
      %1 l1c0: <14,9> [-1024, 1009] = linear 4 * %0, -8 * %0 @ 1, 3 * %0 @ 2, 17 * %0 @ 3, bias 5
      output y0 = %1

      """
    #expect(products(try LinearToProducts()(try Datapath(parsing: text))) == 2)
  }

  @Test func `a layer that is not there is named, and l1 is not l10`() throws {
    let datapath = try RandomDatapath.network(seed: 5)
    for layer in ["l7", "l", "l00"] {
      let error = try #require(throws: DatapathError.self) {
        try LinearToProducts(layers: ["l0", layer])(datapath)
      }
      #expect(error.code == .unknownLayer(layer))
    }
  }
}
