#!/usr/bin/env bash
# A private Slurm of two nodes on this machine: own key, sockets, ports and folder; listens on 127.0.0.1 alone.
#
#   slurm-loopback.sh start FOLDER [MAX_ARRAY_SIZE]    starts it; FOLDER/slurm.conf is then what SLURM_CONF has to name
#   slurm-loopback.sh stop FOLDER                      ends what start began there, jobs included
#
# Nothing outside FOLDER is written. stop ends those processes alone whose ids start wrote down, and their children.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/system.sh"
PATH=$PATH:/usr/sbin:/sbin

usage() { fail "usage: slurm-loopback.sh start FOLDER [MAX_ARRAY_SIZE] | stop FOLDER" "see the head of the script" 64; }

# A port of 127.0.0.1 where nobody listens, other than those given.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    case " $* " in *" $port "*) continue ;; esac
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
}

# begin NAME COMMAND...: starts a daemon in a session of its own and keeps its id.
begin() {
  local name=$1
  shift
  setsid "$@" >"$folder/$name.out" 2>&1 </dev/null &
  echo $! >"$folder/$name.pid"
}

# wait_for WHAT LOG COMMAND...: until the command succeeds, 20 s at most.
wait_for() {
  local what=$1 log=$2 try
  shift 2
  for try in $(seq 100); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.2
  done
  tail -n 20 "$log" >&2 || true
  fail "$what did not start within 20 s" "its output is above, and in $log"
}

both_nodes_idle() { [ "$(sinfo --noheader --Node --states=idle --format=%N | sort -u | wc -l)" = 2 ]; }

start() {
  need munged munge munge
  need slurmctld slurm-wlm slurm
  need slurmd slurm-wlm slurm
  need sbatch slurm-wlm slurm

  mkdir -p "$folder"/{munge,state,n1,n2}
  chmod 755 "$folder" "$folder/munge"
  (umask 077 && head -c 1024 /dev/urandom >"$folder/munge/key")
  local user host controller n1 n2 cgroup=""
  user=$(id -un)
  host=$(hostname -s)
  controller=$(free_port)
  n1=$(free_port "$controller")
  n2=$(free_port "$controller" "$n1")
  cat >"$folder/slurm.conf" <<CONF
ClusterName=loopback
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$controller
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=$folder/state
SlurmctldPidFile=$folder/slurmctld.own.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdSpoolDir=$folder/%n
SlurmdPidFile=$folder/slurmd.%n.own.pid
SlurmdLogFile=$folder/slurmd.%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_min_interval=200000,batch_sched_delay=0
KillWait=5
MaxArraySize=${1:-1001}
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$n1 CPUs=1 State=UNKNOWN
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$n2 CPUs=1 State=UNKNOWN
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
CONF
  # Daemons from 23.11 on want control groups, or to be told that there are none; older ones do not know the word.
  case "$(SLURM_CONF=$folder/slurm.conf slurmctld -V | sed 's/[^0-9]*//')" in
    2[0-2].* | 23.02*) ;;
    *) cgroup="CgroupPlugin=disabled" ;;
  esac
  echo "$cgroup" >"$folder/cgroup.conf"

  begin munged munged --foreground --force --key-file="$folder/munge/key" \
    --socket="$folder/munge/socket" --pid-file="$folder/munge/pid" \
    --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" --num-threads=2
  wait_for munged "$folder/munged.out" munge --no-input --socket="$folder/munge/socket"
  export SLURM_CONF=$folder/slurm.conf
  begin slurmctld slurmctld -D -f "$SLURM_CONF"
  wait_for slurmctld "$folder/slurmctld.out" scontrol ping
  begin slurmd.n1 slurmd -D -N n1 -f "$SLURM_CONF"
  begin slurmd.n2 slurmd -D -N n2 -f "$SLURM_CONF"
  wait_for "slurmd (both nodes)" "$folder/slurmd.n1.out" both_nodes_idle
}

# Ids of a process and all that descend from it.
family() {
  local child
  echo "$1"
  for child in $(ps -o pid= --ppid "$1"); do family "$child"; done
}

stop() {
  export SLURM_CONF=$folder/slurm.conf
  if [ -f "$folder/slurmctld.pid" ]; then
    timeout 10 scancel --quiet --user="$(id -un)" 2>/dev/null || true
    for _ in $(seq 50); do
      [ -n "$(timeout 5 squeue --noheader 2>/dev/null)" ] || break
      sleep 0.2
    done
  fi
  local name id ids=""
  for name in slurmd.n1 slurmd.n2 slurmctld munged; do
    [ -f "$folder/$name.pid" ] || continue
    id=$(cat "$folder/$name.pid")
    # Ids are used again: only a process that still is what was started here is ended.
    if grep -qaF "$folder" "/proc/$id/cmdline" 2>/dev/null; then ids="$ids $(family "$id")"; fi
    rm -f "$folder/$name.pid"
  done
  [ -n "$ids" ] || return 0
  # shellcheck disable=SC2086
  kill $ids 2>/dev/null || true
  for _ in $(seq 50); do
    # shellcheck disable=SC2086
    kill -0 $ids 2>/dev/null || return 0
    sleep 0.1
  done
  # shellcheck disable=SC2086
  kill -KILL $ids 2>/dev/null || true
}

[ $# -ge 2 ] || usage
mkdir -p "$2"
folder=$(cd "$2" && pwd)
case "$1" in
  start) start "${3:-1001}" ;;
  stop) stop ;;
  *) usage ;;
esac
