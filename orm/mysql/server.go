package mysql

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// version is what a server reports about itself.
type version struct {
	mariaDB             bool
	major, minor, patch int
	text                string
	keyStep             int64 // auto_increment_increment: the distance between keys that the server assigns
	rollbackOnTimeout   bool  // innodb_rollback_on_timeout: a row that stays locked ends the transaction
}

// The oldest versions with what the dialect's SQL needs: JSON_TABLE, SKIP LOCKED, and collations without padding.
var (
	oldestMariaDB = version{mariaDB: true, major: 10, minor: 6}
	oldestMySQL   = version{major: 8, minor: 0, patch: 17}
)

var versionNumbers = regexp.MustCompile(`(\d+)\.(\d+)\.(\d+)`)

// parseVersion reads "10.11.19-MariaDB-log", "5.5.5-10.11.19-MariaDB" (as some proxies put it) and "8.0.36".
func parseVersion(text string) (version, error) {
	v := version{text: text, mariaDB: strings.Contains(text, "MariaDB")}
	numbers := versionNumbers.FindStringSubmatch(strings.TrimPrefix(text, "5.5.5-"))
	if numbers == nil {
		return v, fmt.Errorf("the server reports the version %q, which is none of MariaDB or MySQL", text)
	}
	v.major, _ = strconv.Atoi(numbers[1])
	v.minor, _ = strconv.Atoi(numbers[2])
	v.patch, _ = strconv.Atoi(numbers[3])
	oldest, name := oldestMySQL, "MySQL"
	if v.mariaDB {
		oldest, name = oldestMariaDB, "MariaDB"
	}
	if v.before(oldest) {
		return v, fmt.Errorf("the server is %s %s; %d.%d.%d is the oldest version that can be used", name, text, oldest.major, oldest.minor,
			oldest.patch)
	}
	return v, nil
}

// before reports whether v is an older version of the same database.
func (v version) before(other version) bool {
	if v.major != other.major {
		return v.major < other.major
	}
	if v.minor != other.minor {
		return v.minor < other.minor
	}
	return v.patch < other.patch
}

// collation compares text by code point, without ignoring spaces at the end.
func (v version) collation() string {
	if v.mariaDB {
		return "utf8mb4_nopad_bin"
	}
	return "utf8mb4_0900_bin"
}

// server is what is known about the server. The first connection finds its version out.
type server struct {
	known  atomic.Pointer[version]
	likely version                         // what is taken for the version while no server can be reached
	detect func(ctx context.Context) error // connects, which sets known

	mu    sync.Mutex
	tried time.Time // when detect failed last
}

// detectTime limits how long an unknown server is waited for, and for how long it is not asked again.
const detectTime = 3 * time.Second

// version returns the server's version. While no server can be reached it returns the likely one: the oldest MariaDB for URLs
// with the scheme mariadb, and otherwise the zero version, for which the dialect writes what both databases understand as far as
// possible.
func (s *server) version() version {
	if v := s.known.Load(); v != nil {
		return *v
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.known.Load(); v != nil {
		return *v
	}
	if time.Since(s.tried) < detectTime {
		return s.likely
	}
	ctx, cancel := context.WithTimeout(context.Background(), detectTime)
	defer cancel()
	if s.detect(ctx) != nil {
		s.tried = time.Now()
	}
	if v := s.known.Load(); v != nil {
		return *v
	}
	return s.likely
}
