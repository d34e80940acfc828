package concerts_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/quintetgo/quintet/docs/internal/dialects"
	"github.com/quintetgo/quintet/docs/snippets/concerts"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/templates"
)

// season returns a database with two musicians and two concerts of one venue, the first of them with both.
func season(ctx context.Context) *orm.DB {
	db, venue := open(ctx)
	django, stephane := &concerts.Musician{Name: "Django"}, &concerts.Musician{Name: "Stéphane"}
	must(db.CreateAll(ctx, []*concerts.Musician{django, stephane}))
	for i, title := range []string{"Nuages", "Djangology"} {
		concert := &concerts.Concert{
			Title: title, Status: concerts.Planned, StartsAt: evening1937.AddDate(0, 0, i), Price: "1", Venue: venue,
		}
		must(db.Create(ctx, concert))
		if i == 0 {
			must(db.Related(concert, "players").With(&concerts.Engagement{Instrument: "guitar"}).Add(ctx, django))
			must(db.Related(concert, "players").With(&concerts.Engagement{Instrument: "violin"}).Add(ctx, stephane))
		}
	}
	return db
}

func Example_bothDirections() {
	ctx := context.Background()
	dialects.Each(ctx, season(ctx), concerts.App{}, func(ctx context.Context, db *orm.DB) dialects.Statement {
		q := concerts.Concerts
		there := orm.From(db, q).Filter(q.Venue().Name.Eq("Salle Pleyel")).SelectRelated(q.Venue())
		all, err := there.All(ctx)
		must(err)
		for _, concert := range all {
			fmt.Println(concert, "at", concert.Venue)
		}
		return there
	})
	dialects.Each(ctx, season(ctx), concerts.App{}, func(ctx context.Context, db *orm.DB) dialects.Statement {
		v := concerts.Venues
		venues := orm.From(db, v).Filter(v.Concerts().Title.Eq("Nuages"))
		all, err := venues.All(ctx)
		if err == nil {
			fmt.Println(all)
		}
		return venues
	})
	// Output:
	// Djangology at Salle Pleyel
	// Nuages at Salle Pleyel
	// SQLite, PostgreSQL, MariaDB: FROM "concerts_concert" AS t0 JOIN "concerts_venue" AS t1 ON t1."id" = t0."venue_id" WHERE t1."name" = ? ORDER BY t0."starts_at" DESC
	// [Salle Pleyel]
	// SQLite, PostgreSQL, MariaDB: FROM "concerts_venue" AS t0 WHERE EXISTS (SELECT 1 FROM "concerts_concert" AS t1 WHERE t1."venue_id" = t0."id" AND t1."title" = ?)
}

func Example_oneToOne() {
	ctx := context.Background()
	db := season(ctx)
	q := concerts.Concerts
	concert, err := orm.From(db, q).Filter(q.Title.Eq("Nuages")).Get(ctx)
	must(err)
	must(db.Create(ctx, &concerts.Rider{Concert: concert, Text: "Two chairs"}))
	err = db.Create(ctx, &concerts.Rider{Concert: concert, Text: "Three chairs"})
	fmt.Println(err)

	seated, err := orm.From(db, q).Filter(q.Rider().Text.Contains("chairs")).All(ctx)
	must(err)
	fmt.Println(seated)
	riders, err := orm.LoadReverse(ctx, db, seated, concerts.ConcertCols.Rider)
	must(err)
	fmt.Println(riders[concert.ID][0].Text)
	// Output:
	// orm: unique constraint violated in concerts.Rider (concert): UNIQUE constraint failed: concerts_rider.concert_id
	// [Nuages]
	// Two chairs
}

func Example_related() {
	ctx := context.Background()
	db := season(ctx)
	q, m := concerts.Concerts, concerts.Musicians
	concert, err := orm.From(db, q).Filter(q.Title.Eq("Nuages")).Get(ctx)
	must(err)
	stephane, err := orm.From(db, m).Filter(m.Name.Eq("Stéphane")).Get(ctx)
	must(err)

	players := db.Related(concert, "players")
	must(players.Remove(ctx, stephane))
	n, err := players.Query().Count(ctx)
	must(err)
	fmt.Println(n, "player")
	err = players.Add(ctx, stephane)
	fmt.Println(err)
	must(players.With(&concerts.Engagement{Instrument: "violin"}).Add(ctx, stephane))
	instruments, err := players.Through().Where("musician", stephane.ID).Values(ctx, "instrument")
	must(err)
	fmt.Println(instruments)
	// Output:
	// 1 player
	// orm: link players: concerts.Engagement is not valid: instrument: This field is required.
	// [map[instrument:violin]]
}

func Example_reverseRelation() {
	ctx := context.Background()
	db := season(ctx)
	v := concerts.Venues
	venue, err := orm.From(db, v).Filter(v.Name.Eq("Salle Pleyel")).Get(ctx)
	must(err)
	n, err := db.Related(venue, "concerts").Query().Where("status", concerts.Planned).Count(ctx)
	must(err)
	fmt.Println(n, "planned")
	must(db.Related(venue, "concerts").Create(ctx, &concerts.Concert{
		Title: "Swing 39", Status: concerts.Planned, StartsAt: evening1937.AddDate(2, 0, 0), Price: "2",
	}))

	type row struct {
		*concerts.Venue
		Evenings int64
	}
	rows, err := orm.Select[row](ctx, orm.From(db, v).Annotate("evenings", v.Concerts().Count()))
	must(err)
	fmt.Println(rows[0].Name, rows[0].Evenings)
	// Output:
	// 2 planned
	// Salle Pleyel 3
}

func Example_self() {
	ctx := context.Background()
	db, _ := open(ctx)
	teacher := &concerts.Musician{Name: "Joseph"}
	must(db.Create(ctx, teacher))
	must(db.CreateAll(ctx, []*concerts.Musician{{Name: "Django", Teacher: teacher}, {Name: "Baro", Teacher: teacher}}))

	m := concerts.Musicians
	pupils, err := orm.From(db, m).Filter(m.Teacher().Eq(teacher)).OrderBy(m.Name.Asc()).All(ctx)
	must(err)
	fmt.Println(pupils)
	teachers, err := orm.From(db, m).Filter(m.Pupils().Name.Eq("Django")).All(ctx)
	must(err)
	fmt.Println(teachers)
	_, err = db.Delete(ctx, teacher)
	must(err)
	must(db.Refresh(ctx, pupils[0]))
	fmt.Println(pupils[0].TeacherID == nil)
	// Output:
	// [Baro Django]
	// [Joseph]
	// true
}

func Example_collectDelete() {
	ctx := context.Background()
	db := season(ctx)
	q := concerts.Concerts
	concert, err := orm.From(db, q).Filter(q.Title.Eq("Nuages")).Get(ctx)
	must(err)
	deletion, err := db.CollectDelete(ctx, concert)
	must(err)
	for _, group := range deletion.Groups {
		fmt.Println(group.Model, group.Count)
	}
	// Output:
	// concerts.Concert 1
	// concerts.Engagement 2
}

func Example_deepPrefetch() {
	ctx := context.Background()
	db := season(ctx)
	ctx = orm.WithObserver(ctx, func(s orm.Statement) { fmt.Println(s.SQL) })
	q := concerts.Concerts
	list, err := orm.From(db, q).Only(q.Title).Prefetch(q.Players()).All(ctx)
	fmt.Println(list, err)
	// Output:
	// SELECT t0."id", t0."title", t0."venue_id" FROM "concerts_concert" AS t0 ORDER BY t0."starts_at" DESC
	// SELECT t0."id", t0."name", t0."teacher_id", t1."concert_id" FROM "concerts_musician" AS t0 JOIN "concerts_engagement" AS t1 ON t1."musician_id" = t0."id" WHERE t1."concert_id" IN (?, ?)
	// [Djangology Nuages] <nil>
}

func Example_noFieldToLoadInto() {
	ctx := context.Background()
	db := season(ctx)
	v := concerts.Venues
	_, err := orm.From(db, v).Prefetch(v.Concerts()).All(ctx)
	fmt.Println(err)
	// Output:
	// orm: Venue: lookup "concerts": concerts.Venue has no struct field to load "concerts" into; add one of type []Concert, or use LoadReverse
}

func Example_notLoadedInTemplate() {
	ctx := context.Background()
	db := season(ctx)
	engine, err := templates.New(templates.Options{
		Sources: []templates.Source{{Name: "concerts", FS: fstest.MapFS{
			"list.txt": {Data: []byte("{{ range .concerts }}{{ .Title }} at {{ .Venue.Name }}\n{{ end }}")},
		}}},
		Nil: migrate.New(db).NilField,
	})
	must(err)
	render := func(query orm.Query[concerts.Concert]) {
		all, err := query.All(ctx)
		must(err)
		var text lines
		fmt.Println(engine.Render(&text, "list.txt", map[string]any{"concerts": all}))
		fmt.Print(string(text))
	}
	q := concerts.Concerts
	render(orm.From(db, q))
	render(orm.From(db, q).SelectRelated(q.Venue()))
	render(orm.From(db, q).FetchPeers())
	// Output:
	// template list.txt:1:47 (concerts): .Venue.Name: orm: concerts.Concert.Venue is not loaded, although venue_id is 1: add SelectRelated or Prefetch of "venue", or FetchPeers, to the query
	// <nil>
	// Djangology at Salle Pleyel
	// Nuages at Salle Pleyel
	// <nil>
	// Djangology at Salle Pleyel
	// Nuages at Salle Pleyel
}

type lines []byte

func (l *lines) Write(p []byte) (int, error) { *l = append(*l, p...); return len(p), nil }
