package columns

func (c Time) part(name string) Int { return Int{column{c.at, c.name + "__" + name}} }

// Year returns the column of the year.
func (c Time) Year() Int { return c.part("year") }

// Quarter returns the column of the quarter of the year, from 1 to 4.
func (c Time) Quarter() Int { return c.part("quarter") }

// Month returns the column of the month, from 1 to 12.
func (c Time) Month() Int { return c.part("month") }

// Week returns the column of the ISO week of the year.
func (c Time) Week() Int { return c.part("week") }

// Day returns the column of the day of the month.
func (c Time) Day() Int { return c.part("day") }

// WeekDay returns the column of the day of the week, from 1 for Sunday to 7 for Saturday.
func (c Time) WeekDay() Int { return c.part("week_day") }

// Hour returns the column of the hour, from 0 to 23.
func (c Time) Hour() Int { return c.part("hour") }

// Date returns the column of the day, without the time; of values compared with it, only the date counts.
func (c Time) Date() Time { return Time{column{c.at, c.name + "__date"}} }
