import PareNumerics
import Testing

@Suite struct RankCorrelationTests {
  @Test func `equal numbers share the mean of their ranks`() {
    #expect(RankCorrelation.meanRanks(of: [10, 20, 10, 5, 20, 20]) == [2.5, 5, 2.5, 1, 5, 5])
    #expect(RankCorrelation.meanRanks(of: []) == [])
  }

  @Test func `only the order matters`() {
    let values = [3.0, -1, 4, 1.5, 9, 2.6]
    #expect(RankCorrelation.spearman(values, values.map { $0 * $0 * $0 }) == 1)
    #expect(RankCorrelation.spearman(values, values.map { -$0 }) == -1)
  }

  @Test func `without ties it is the sum of squared differences of ranks`() throws {
    // 1 - 6 sum(d^2) / (n (n^2 - 1)); hours of television and IQ of ten people, from the article on Spearman's coefficient of
    // Wikipedia: -29/165.
    let iq = [106.0, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    let hours = [7.0, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    let found = try #require(RankCorrelation.spearman(iq, hours))
    // Two roundings.
    #expect(abs(found + 29.0 / 165) < 1e-15)
  }

  @Test func `ties are Pearson's correlation of the shared ranks`() throws {
    // Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: covariance 4.5, squares 4.5 and 5.
    let found = try #require(RankCorrelation.spearman([1, 2, 2, 3], [1, 2, 3, 4]))
    #expect(abs(found - 4.5 / (4.5 * 5).squareRoot()) < 1e-15)
  }

  @Test func `what has no order has no correlation`() {
    #expect(RankCorrelation.spearman([1, 1, 1], [1, 2, 3]) == nil)
    #expect(RankCorrelation.spearman([1], [1]) == nil)
    #expect(RankCorrelation.spearman([], []) == nil)
  }
}
