package changelist

import (
	"context"
	"errors"
	"math"
	"strconv"
	"time"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// CountLimit is the number of rows up to which pages count that count several lists, and lists whose count exceeds the
// timeout.
const CountLimit = 10_000

// DefaultCountTimeout limits the time for counting the rows of a list if [Config.CountTimeout] is zero.
const DefaultCountTimeout = 300 * time.Millisecond

// Total is the number of rows of a list, exact or estimated.
type Total struct {
	N     int
	About bool // N is an estimate
	More  bool // there are more than N
}

// Exact reports whether N is the number of rows.
func (t Total) Exact() bool { return !t.About && !t.More }

// String returns "1,274", "about 63,700" or "more than 10,000".
func (t Total) String() string {
	text := display.Group(strconv.Itoa(t.N))
	switch {
	case t.About:
		return "about " + text
	case t.More:
		return "more than " + text
	}
	return text
}

// atLeast corrects a total that is not exact by the number of rows that exist at least.
func (t Total) atLeast(n int, further bool) Total {
	if t.Exact() || t.N > n {
		return t
	}
	return Total{N: n, More: further}
}

// count counts the rows of a query, exactly if that takes no longer than the timeout.
func (c *Config) count(ctx context.Context, db *orm.DB, query dynamic.Query, narrowed bool) (Total, error) {
	limit := c.CountTimeout
	if limit == 0 {
		limit = DefaultCountTimeout
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	n, err := query.Count(bounded)
	switch {
	case err == nil:
		return Total{N: int(n)}, nil
	case ctx.Err() != nil || !errors.Is(bounded.Err(), context.DeadlineExceeded):
		return Total{}, err
	case narrowed: // counting up to a limit would read as many rows
		return Total{More: true}, nil
	}
	if about, err := db.EstimateRows(ctx, c.Model.Table); err != nil || about > CountLimit {
		return Total{N: rounded(int(about)), About: true}, err
	}
	if n, err = query.Limit(CountLimit + 1).Count(ctx); n > CountLimit {
		return Total{N: CountLimit, More: true}, err
	}
	return Total{N: int(n)}, err
}

// rounded keeps three digits, as an estimate is no better than that.
func rounded(n int) int {
	if n < 1000 {
		return n
	}
	step := math.Pow10(int(math.Log10(float64(n))) - 2)
	return int(math.Round(float64(n)/step) * step)
}
