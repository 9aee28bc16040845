public import PareDatapath
import PareRTL

extension DesignFolder {
  /// What the datapath says that switches in the design, before any synthesis, and what it was fed with.
  ///
  /// - Parameter samples: of the deployed waveform to count toggles on, after those that only fill the design's memory.
  /// - Throws: `SignalError` for a damaged data set, `DatapathError` for one with too few samples.
  public func datapathSwitching(
    samples: Int = 4096
  ) throws -> (profile: SwitchingProfile, stimulus: String) {
    precondition(samples >= 2, "toggles on \(samples) samples")
    let pipeline = try pipeline()
    let lanes = SampleLanes(manifest.options.samplesPerClock)
    let waveform = try DeployedWaveform(
      of: source, samples: samples + (pipeline.datapath.memory + 1) * lanes.count)
    let blocks = lanes.blocks(of: waveform.stimulus.words)
    return (try pipeline.switchingProfile(on: blocks.channels), waveform.words)
  }
}
