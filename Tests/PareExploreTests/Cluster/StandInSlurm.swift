import Foundation
import PareTools

@testable import PareExplore

/// Scripts named like Slurm's commands that answer as Slurm 22.05 does; a folder of files is their cluster.
struct StandInSlurm {
  let folder: Folder

  /// - Parameter runsTasks: whether sbatch works out the tasks at once; else they stay in the queue.
  init(in path: String, maxArraySize: Int = 1001, runsTasks: Bool = false) throws {
    folder = Folder(path)
    try folder.create()
    try folder.write(
      "MaxArraySize            = \(maxArraySize)\nMaxJobCount  = 10000\n", to: "config")
    try folder.write("", to: "queue")
    try folder.write("", to: "calls")
    if runsTasks { try folder.write("", to: "runs") }
    try script(
      "sbatch",
      """
      echo "sbatch $*" >>calls
      if [ -f refusal ]; then cat refusal >&2; exit 1; fi
      for word in "$@"; do
        case "$word" in
          --array=*) tasks=${word#--array=} ;;
          --job-name=*) name=${word#--job-name=} ;;
        esac
        script=$offset
        offset=$word
      done
      list=$(for part in ${tasks//,/ }; do seq ${part%-*} ${part#*-}; done)
      set -- $list
      for task in $list; do
        if [ $task -ge $(sed -n 's/MaxArraySize *= //p' config) ]; then
          echo 'sbatch: error: Batch job submission failed: Invalid job array specification' >&2
          exit 1
        fi
      done
      if [ -f limit ] && [ $(($# + $(wc -l <queue))) -gt $(cat limit) ]; then
        echo 'sbatch: error: QOSMaxSubmitJobPerUserLimit' >&2
        echo 'sbatch: error: Batch job submission failed: Job violates accounting/QOS policy' >&2
        exit 1
      fi
      id=$(($(cat last 2>/dev/null || echo 100) + 1))
      echo $id >last
      for task in $list; do
        if [ -f runs ]; then
          SLURM_ARRAY_JOB_ID=$id SLURM_ARRAY_TASK_ID=$task bash "$script" "$offset"
        else
          echo "${id}_$task|PD|$name|Resources" >>queue
        fi
      done
      echo $id
      """)
    try script(
      "squeue",
      """
      if [ -f away ]; then echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1; fi
      cat queue
      """)
    try script(
      "scontrol",
      """
      if [ "$2" = config ]; then cat config; else echo "JobId=1 JobState=FAILED Reason=NonZeroExitCode"; fi
      """)
    try script("scancel", "echo \"scancel $*\" >>calls\n: >queue")
  }

  func script(_ name: String, _ body: String) throws {
    try folder.write("#!/bin/bash\ncd '\(folder.path)'\n\(body)\n", to: name)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder.file(name))
  }

  func slurm() throws -> Slurm { try Slurm(variables: ["PARE_SLURM_BIN": folder.path]) }

  /// Lines of calls that change the cluster.
  var calls: [String] {
    get throws {
      String(decoding: try folder.read("calls"), as: UTF8.self).split(separator: "\n")
        .map(String.init)
    }
  }
}
