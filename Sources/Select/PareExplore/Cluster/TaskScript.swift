/// The script of all job arrays of a run: `task.sh`.
struct TaskScript {
  let shards: ShardFolder
  /// The running program; every node has to see it under this path.
  let program: String

  var text: String {
    """
    #!/bin/bash
    # Written by pare. One task of a job array works out one shard of \(shards.runPath):
    #   sbatch --array=0-9 task.sh OFFSET        shards OFFSET to OFFSET + 9
    # A task that is killed or requeued goes on where it stopped.
    shard=$(( $1 + SLURM_ARRAY_TASK_ID ))
    exec >>\(quoted(shards.logFolder))/"$shard.log" 2>&1
    echo "# shard $shard: job ${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}, restart ${SLURM_RESTART_COUNT:-0}," \\
      "node ${SLURMD_NODENAME:-$(hostname)}, $(date -u +%Y-%m-%dT%H:%M:%SZ)"
    exec \(quoted(program)) sweep \(quoted(shards.runPath)) \\
      --shard "$shard" --jobs "${SLURM_CPUS_PER_TASK:-1}"

    """
  }

  private func quoted(_ word: String) -> String {
    "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
