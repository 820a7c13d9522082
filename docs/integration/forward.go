// Forwards metrics to Tft. Go 1.19 or newer, standard library only.
//
//	go run forward.go            this machine's metrics (Linux), every TFT_INTERVAL seconds
//	go run forward.go --once     one reading, then ends
//	go run forward.go -          records from standard input, one JSON object a line
//
// Settings are environment variables; docs/integration.md lists them.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"
)

var (
	host, _  = os.Hostname()
	url      = strings.TrimRight(setting("TFT_URL", "http://localhost:8000"), "/") + "/feed"
	key      = setting("TFT_API_KEY", "")
	source   = setting("TFT_SOURCE", "forward-"+host)
	spool    = setting("TFT_SPOOL", "tft-spool")
	refused  = filepath.Join(spool, "refused")
	spoolMax = int(number("TFT_SPOOL_MAX", "1000"))
	batchMax = int(number("TFT_BATCH", "500"))
	interval = time.Duration(number("TFT_INTERVAL", "5") * float64(time.Second))

	client = http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	batches  int
	failures int
	retryAt  time.Time
)

type answer struct {
	Code     string
	Detail   string
	Rejected []struct {
		ServerName    string `json:"server_name"`
		Code, Message string
	}
}

func setting(name, otherwise string) string {
	if text := os.Getenv(name); text != "" {
		return text
	}
	return otherwise
}

func number(name, otherwise string) float64 {
	value, err := strconv.ParseFloat(setting(name, otherwise), 64)
	if err != nil || value <= 0 {
		fatal("%s must be a number above 0.", name)
	}
	return value
}

func say(format string, values ...any) { fmt.Fprintf(os.Stderr, format+"\n", values...) }

func fatal(format string, values ...any) {
	say(format, values...)
	os.Exit(1)
}

func check(err error) {
	if err != nil {
		fatal("%v", err)
	}
}

func waiting(folder string) []string {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	check(err)
	sort.Strings(files)
	return files
}

func removeOldest(folder string, format string) {
	files := waiting(folder)
	for len(files) > spoolMax {
		if format != "" {
			say(format, files[0], spoolMax)
		}
		check(os.Remove(files[0]))
		files = files[1:]
	}
}

// keep holds what is not acknowledged yet: a file for each batch, so that it survives a kill.
func keep(records []json.RawMessage) {
	batches++
	write(fmt.Sprintf("%d-%06d", time.Now().UnixMilli(), batches), records)
	removeOldest(spool, "dropped %s: more than %d batches wait")
}

func write(name string, records []json.RawMessage) {
	path := filepath.Join(spool, name+".json")
	body, err := json.Marshal(records)
	check(err)
	file, err := os.Create(path + ".part")
	check(err)
	_, err = file.Write(body)
	check(err)
	check(file.Sync())
	check(file.Close())
	check(os.Rename(path+".part", path))
}

// split puts two halves where the whole stood. The whole goes last: a kill between costs a repetition and no record.
func split(path string, records []json.RawMessage) {
	name, half := strings.TrimSuffix(filepath.Base(path), ".json"), len(records)/2
	write(name+"-a", records[:half])
	write(name+"-b", records[half:])
	check(os.Remove(path))
}

func putAside(path, why string) {
	aside := filepath.Join(refused, filepath.Base(path))
	check(os.Rename(path, aside))
	say("refused (%s), put aside: %s", why, aside)
	removeOldest(refused, "")
}

// post returns status 0 where no answer came, and Retry-After as it stands.
func post(body []byte) (status int, got answer, retryAfter string) {
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	check(err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-API-Key", key)
	request.Header.Set("X-Tft-Source", source)
	response, err := client.Do(request)
	if err != nil {
		return 0, answer{Code: err.Error()}, ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, answer{Code: err.Error()}, ""
	}
	// A proxy's page is not JSON: the status says enough.
	_ = json.Unmarshal(text, &got)
	return response.StatusCode, got, response.Header.Get("Retry-After")
}

// pause is what Retry-After says, at most five minutes of it, else full jitter below a ceiling that doubles up to a minute.
func pause(retryAfter string) time.Duration {
	if seconds, err := strconv.Atoi(retryAfter); err == nil && seconds >= 0 {
		return time.Duration(math.Min(float64(seconds), 300)) * time.Second
	}
	ceiling := math.Min(60, 0.5*math.Pow(2, math.Min(float64(failures), 10)))
	return time.Duration((0.1 + rand.Float64()*ceiling) * float64(time.Second))
}

func printRejected(got answer) {
	for _, r := range got.Rejected {
		say("rejected %s: %s: %s", r.ServerName, r.Code, r.Message)
	}
}

// drain sends what waits, oldest first, and sets retryAt where the service can't take it now.
func drain() {
	for files := waiting(spool); len(files) > 0; files = waiting(spool) {
		body, err := os.ReadFile(files[0])
		check(err)
		var records []json.RawMessage
		check(json.Unmarshal(body, &records))
		status, got, retryAfter := post(body)
		code := fmt.Sprintf("%d %s", status, got.Code)
		switch {
		case status == 200:
			printRejected(got)
			check(os.Remove(files[0]))
		case status == 413 && len(records) > 1:
			split(files[0], records)
		case status == 400 || status == 413:
			printRejected(got)
			putAside(files[0], code)
		case status == 0 || status == 408 || status == 429 || status >= 500:
			wait := pause(retryAfter)
			failures++
			retryAt = time.Now().Add(wait)
			say("%s: again in %.1f s; %d batches wait", code, wait.Seconds(), len(files))
			return
		default:
			fatal("%s: %s Check TFT_API_KEY and TFT_URL (%s); %d batches stay in %s.", code, got.Detail, url, len(files), spool)
		}
		failures = 0
	}
	retryAt = time.Time{}
}

func readLines(lines chan<- json.RawMessage) {
	defer close(lines)
	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadString('\n')
		if line = strings.TrimSpace(line); line != "" {
			if json.Valid([]byte(line)) {
				lines <- json.RawMessage(line)
			} else {
				say("not JSON: %.80s", line)
			}
		}
		if err != nil {
			return
		}
	}
}

func forwardLines() {
	lines := make(chan json.RawMessage, batchMax)
	go readLines(lines)
	for open := true; open || len(waiting(spool)) > 0; {
		var batch []json.RawMessage
		// Not read while the spool is full: a pipe can wait, so nothing of it is dropped.
		room := len(waiting(spool)) < spoolMax
		patience := time.After(time.Duration(math.Min(float64(interval), float64(time.Second))))
		for more := open && room; more && len(batch) < batchMax; {
			select {
			case line, ok := <-lines:
				if open, more = ok, ok; ok {
					batch = append(batch, line)
				}
			case <-patience:
				more = false
			}
		}
		if len(batch) > 0 {
			keep(batch)
		}
		if !time.Now().Before(retryAt) {
			drain()
		} else if !open || !room {
			time.Sleep(time.Until(retryAt))
		}
	}
}

// words of the lines of a file below /proc.
func words(path string) [][]string {
	text, err := os.ReadFile(path)
	check(err)
	var lines [][]string
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		lines = append(lines, strings.Fields(strings.ReplaceAll(line, ":", " ")))
	}
	return lines
}

func value(text string) float64 {
	v, err := strconv.ParseFloat(text, 64)
	check(err)
	return v
}

// cpuTicks are user, nice, system, idle, iowait, irq, softirq, steal.
func cpuTicks() (ticks [8]float64) {
	first := words("/proc/stat")[0]
	for i := range ticks {
		ticks[i] = value(first[i+1])
	}
	return ticks
}

func reading(before, now [8]float64) json.RawMessage {
	var spent [8]float64
	total := 0.0
	for i := range spent {
		spent[i] = now[i] - before[i]
		total += spent[i]
	}
	total = math.Max(total, 1)
	memory := map[string]float64{}
	for _, line := range words("/proc/meminfo") {
		memory[line[0]] = value(line[1])
	}
	values := map[string]float64{
		"cpu_user_pct":   100 * (spent[0] + spent[1]) / total,
		"cpu_sys_pct":    100 * (spent[2] + spent[5] + spent[6] + spent[7]) / total,
		"cpu_idle_pct":   100 * spent[3] / total,
		"cpu_iowait_pct": 100 * spent[4] / total,
		"mem_used_pct":   100 * (1 - memory["MemAvailable"]/memory["MemTotal"]),
		"swap_used_pct":  0,
		"load_average":   value(words("/proc/loadavg")[0][0]),
		"uptime_days":    value(words("/proc/uptime")[0][0]) / 86400,
	}
	if memory["SwapTotal"] > 0 {
		values["swap_used_pct"] = 100 * (1 - memory["SwapFree"]/memory["SwapTotal"])
	}
	record := map[string]any{"timestamp": time.Now().UTC().Format(time.RFC3339), "server_name": host}
	for name, v := range values {
		// What lies outside its range, because counters stepped back, is left out, not bent.
		if v >= 0 && (v <= 100 || !strings.HasSuffix(name, "_pct")) {
			record[name] = v
		}
	}
	text, err := json.Marshal(record)
	check(err)
	return text
}

func forwardMachine(once bool) {
	before, step := cpuTicks(), interval
	if once {
		step = time.Second
	}
	nextAt, readingsLeft := time.Now().Add(step), true
	for readingsLeft || len(waiting(spool)) > 0 {
		wake := nextAt
		if !retryAt.IsZero() && (!readingsLeft || retryAt.Before(nextAt)) {
			wake = retryAt
		}
		time.Sleep(time.Until(wake))
		if readingsLeft && !time.Now().Before(nextAt) {
			now := cpuTicks()
			keep([]json.RawMessage{reading(before, now)})
			before, readingsLeft = now, !once
			if nextAt = nextAt.Add(interval); nextAt.Before(time.Now()) {
				nextAt = time.Now()
			}
		}
		if !time.Now().Before(retryAt) {
			drain()
		}
	}
}

func main() {
	if key == "" {
		fatal("TFT_API_KEY is not set.")
	}
	rand.Seed(time.Now().UnixNano())
	check(os.MkdirAll(refused, 0o755))
	argument := strings.Join(os.Args[1:], " ")
	if argument == "-" {
		forwardLines()
	} else {
		forwardMachine(argument == "--once")
	}
}
