import PareNetwork

extension Feature {
  /// What generated code calls a product: its carrier, then its envelope, with the lag of the one that has it; `x0e2`, `x0d3e2`,
  /// `x1re2d4`.
  package var label: String {
    func delay(_ lag: Int) -> String { lag == 0 ? "" : "d\(lag)" }
    let carrier = channel.map { "x\($0)" + delay(carrierLag) } ?? ""
    return carrier + (hasEnvelope ? envelope.label + delay(envelopeLag) : "")
  }
}

extension Feature.Envelope {
  /// What generated code calls it: `e2`, `re2`, `im3e2`.
  package var label: String {
    switch self {
    case .power(let power): "e\(power)"
    case .correlation(let lag, let part, let power):
      (part == .real ? "re\(lag)" : "im\(lag)") + (power == 0 ? "" : "e\(power)")
    }
  }
}
