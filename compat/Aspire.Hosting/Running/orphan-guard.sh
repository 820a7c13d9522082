# Reads "+PID" and "-PID" from its standard input. When that ends, its AppHost is gone, however it went:
# what is still listed is asked to stop, and after six seconds killed, with the group that it leads.
trap '' HUP INT QUIT TERM
pids=' '
while read -r line; do
    pid=${line#?}
    case $line in
        +*) pids="$pids$pid " ;;
        -*) case $pids in *" $pid "*) pids="${pids%%" $pid "*} ${pids#*" $pid "}" ;; esac ;;
    esac
done
for pid in $pids; do kill -TERM "$pid" 2>/dev/null; done
tries=30
while [ "$tries" -gt 0 ]; do
    left=
    for pid in $pids; do kill -0 "$pid" 2>/dev/null && left=yes; done
    [ "$left" ] || break
    sleep 0.2
    tries=$((tries - 1))
done
for pid in $pids; do kill -KILL -- "-$pid" 2>/dev/null || kill -KILL "$pid" 2>/dev/null; done
exit 0
