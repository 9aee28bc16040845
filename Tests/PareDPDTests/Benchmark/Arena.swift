import Foundation
import PareDPD
import PareTools

/// The public benchmark, which `make test` puts into the cache before the tests run.
enum Arena {
  struct Missing: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path) is not there: run 'make test', which fetches it" }
  }

  static func folder() throws -> Folder {
    let folder = try CacheFolder().dataset(group: "opendpd", name: "arena_assets")
    guard folder.has("calibration-v6-apa-b.json") else { throw Missing(path: folder.path) }
    return folder
  }

  static func benchmark() throws -> PredistortionBenchmark {
    try PredistortionBenchmark(folder: folder().path)
  }

  /// One published result: a fitted model's, or that of the frozen amplifier itself.
  struct Case: Decodable {
    let budget: Int
    let fit: Fit?
    let judges: [Figures]
    let baseline_input_scale_real: Double
    let baseline_input_scale_imag: Double

    struct Fit: Decodable {
      let n_coefficients: Int?
      let rank: Int?
    }
  }

  /// In dB.
  struct Figures: Decodable {
    let nmse_db: Double
    let evm_db: Double
    let aclr_l_db: Double
    let aclr_r_db: Double
    let power_error_db: Double
    let ib_error_db: Double
    let baseline_nmse_db: Double
    let baseline_evm_db: Double
    let baseline_aclr_l_db: Double
    let baseline_aclr_r_db: Double
    let baseline_power_error_db: Double
    let baseline_ib_error_db: Double
  }

  private struct Results: Decodable {
    let rows: [Row]
    struct Row: Decodable {
      let backbone: String
      let cases: [Case]
    }
  }

  /// Published figures of the memory polynomial with so many real parameters.
  static func publishedMemoryPolynomial(budget: Int) throws -> Case? {
    let text = try folder().read("reference-results-v6-apa-b.json")
    let results = try JSONDecoder().decode(Results.self, from: Data(text))
    return results.rows.first { $0.backbone == "mp_ls" }?.cases.first { $0.budget == budget }
  }
}
