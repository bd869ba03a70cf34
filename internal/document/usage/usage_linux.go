package usage

import (
	"bytes"
	"os"
	"strconv"
	"time"
)

const told = true

// tick is the unit of the times in /proc: USER_HZ, which is 100 on every architecture that Go runs on (proc_pid_stat(5)).
const tick = 10 * time.Millisecond

// Of a process; not ok when there is none with this id any more.
func Of(pid int) (u Use, ok bool) {
	folder := "/proc/" + strconv.Itoa(pid)
	statm, err := os.ReadFile(folder + "/statm")
	if err != nil {
		return Use{}, false
	}
	stat, err := os.ReadFile(folder + "/stat")
	if err != nil {
		return Use{}, false
	}
	return parse(statm, stat)
}

// parse takes the resident pages from statm, and utime, stime, cutime and cstime (fields 14 to 17) from stat. The name of the
// program, field 2, may hold anything, so the fields are counted from the bracket that ends it.
func parse(statm, stat []byte) (u Use, ok bool) {
	sizes := bytes.Fields(statm)
	end := bytes.LastIndexByte(stat, ')')
	if len(sizes) < 2 || end < 0 {
		return Use{}, false
	}
	pages, err := strconv.ParseInt(string(sizes[1]), 10, 64)
	if err != nil {
		return Use{}, false
	}
	u.Memory = pages * int64(os.Getpagesize())
	fields := bytes.Fields(stat[end+1:])
	const utime = 14 - 3
	if len(fields) < utime+4 {
		return Use{}, false
	}
	for _, f := range fields[utime : utime+4] {
		n, err := strconv.ParseInt(string(f), 10, 64)
		if err != nil {
			return Use{}, false
		}
		u.Processor += time.Duration(n) * tick
	}
	return u, true
}
