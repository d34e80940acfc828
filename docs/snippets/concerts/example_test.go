package concerts_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/quintetgo/quintet/docs/snippets/concerts"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

var evening1937 = time.Date(1937, 6, 1, 20, 0, 0, 0, time.UTC)

// open returns a new database in memory with one venue.
func open(ctx context.Context) (*orm.DB, *concerts.Venue) {
	db := orm.MustOpen("sqlite::memory:", sqlite.Driver)
	must(migrate.Register(db, concerts.App{}))
	must(migrate.CreateTables(ctx, db))
	venue := &concerts.Venue{Name: "Salle Pleyel", Seats: 300}
	must(db.Create(ctx, venue))
	return db, venue
}

// must ends the program after an error. Databases of dialects.Each that are not connected run nothing, which is none.
func must(err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		log.Fatal(err)
	}
}

func Example() {
	ctx := context.Background()
	db, venue := open(ctx)
	concert := &concerts.Concert{
		Title: "Minor Swing", Status: concerts.Planned, StartsAt: evening1937, Price: "12.5", Venue: venue,
	}
	must(db.Create(ctx, concert))
	fmt.Println(concert.ID, concert.Slug, concert.VenueID)

	q := concerts.Concerts
	stored, err := orm.From(db, q).Filter(q.Venue().Name.Eq("Salle Pleyel")).Get(ctx)
	must(err)
	fmt.Println(stored, stored.Price, stored.Status)
	// Output:
	// 1 minor-swing 1
	// Minor Swing 12.50 planned
}

func Example_newObject() {
	ctx := context.Background()
	db, _ := open(ctx)
	concert, err := orm.New[concerts.Concert](db)
	must(err)
	fmt.Println(concert.Status)
	// Output:
	// planned
}

func Example_validation() {
	ctx := context.Background()
	db, venue := open(ctx)
	before := evening1937.Add(-time.Hour)
	err := db.Create(ctx, &concerts.Concert{
		Title: "Nuages", Status: "postponed", StartsAt: evening1937, EndsAt: &before, Price: "0.123", Venue: venue,
	})
	fmt.Println(err)
	err = db.Create(ctx, &concerts.Concert{
		Title: "Nuages", Status: concerts.Planned, StartsAt: evening1937, EndsAt: &before, Price: "0.12", Venue: venue,
	})
	fmt.Println(err)
	// Output:
	// orm: concerts.Concert is not valid: ends_at: A concert cannot end before it begins.; price: Use at most 2 decimal places.; status: “postponed” is not one of the choices.
	// orm: concerts.Concert is not valid: ends_at: A concert cannot end before it begins.
}

func Example_constraint() {
	ctx := context.Background()
	db, venue := open(ctx)
	for _, title := range []string{"Nuages", "Djangology"} {
		err := db.Create(ctx, &concerts.Concert{
			Title: title, Status: concerts.Planned, StartsAt: evening1937, Price: "1", Venue: venue,
		})
		fmt.Println(title, err)
	}
	// Output:
	// Nuages <nil>
	// Djangology orm: unique constraint violated in concerts.Concert (venue, starts_at): UNIQUE constraint failed: concerts_concert.venue_id, concerts_concert.starts_at
}

func Example_onDelete() {
	ctx := context.Background()
	db, venue := open(ctx)
	must(db.Create(ctx, &concerts.Concert{
		Title: "Nuages", Status: concerts.Planned, StartsAt: evening1937, Price: "1", Venue: venue,
	}))
	_, err := db.Delete(ctx, venue)
	fmt.Println(err)
	// Output:
	// orm: cannot be deleted because other objects refer to it: concerts.Concert.venue (Nuages)
}

func Example_throughModel() {
	ctx := context.Background()
	db, venue := open(ctx)
	concert := &concerts.Concert{
		Title: "Nuages", Status: concerts.Planned, StartsAt: evening1937, Price: "1", Venue: venue,
	}
	django := &concerts.Musician{Name: "Django Reinhardt"}
	must(db.Create(ctx, concert))
	must(db.Create(ctx, django))
	must(db.Create(ctx, &concerts.Engagement{Concert: concert, Musician: django, Instrument: "guitar"}))

	q := concerts.Concerts
	found, err := orm.From(db, q).
		Filter(q.Players().Name.Eq("Django Reinhardt"), q.Engagements().Instrument.Eq("guitar")).
		All(ctx)
	must(err)
	fmt.Println(found)
	// Output:
	// [Nuages]
}

func Example_manyToMany() {
	ctx := context.Background()
	db, _ := open(ctx)
	django, stephane := &concerts.Musician{Name: "Django"}, &concerts.Musician{Name: "Stéphane"}
	must(db.CreateAll(ctx, []*concerts.Musician{django, stephane}))

	must(db.Related(django, "friends").Add(ctx, stephane))
	ids, err := db.Related(stephane, "friends").IDs(ctx)
	must(err)
	fmt.Println("friends of Stéphane:", ids)

	must(db.Related(django, "admires").Add(ctx, stephane))
	ids, err = db.Related(stephane, "admires").IDs(ctx)
	must(err)
	fmt.Println("admired by Stéphane:", ids)
	// Output:
	// friends of Stéphane: [1]
	// admired by Stéphane: []
}

func Example_beforeDelete() {
	ctx := context.Background()
	db, venue := open(ctx)
	concert := &concerts.Concert{
		Title: "Nuages", Status: concerts.Sold, StartsAt: evening1937, Price: "1", Venue: venue,
	}
	must(db.Create(ctx, concert))
	_, err := db.Delete(ctx, concert)
	fmt.Println(err)
	// Output:
	// tickets for Nuages are sold
}
