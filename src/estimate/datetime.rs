//! Dates, times and intervals as PostgreSQL holds them: microseconds since 2000-01-01 (UTC), and
//! intervals as months, days and microseconds. Time zones other than offsets are taken for UTC.

/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;

/// An interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Interval {
    /// Months, years included.
    pub months: i64,
    /// Days, weeks included.
    pub days: i64,
    /// The rest.
    pub micros: i64,
}

impl Interval {
    /// Days of 24 hours and months of 30 days: how intervals compare (`interval_cmp_value`).
    pub fn comparable(self) -> i128 {
        (i128::from(self.months) * 30 + i128::from(self.days)) * i128::from(DAY)
            + i128::from(self.micros)
    }

    /// Microseconds with months of an average length (`convert_timevalue_to_scalar`).
    pub fn scalar(self) -> f64 {
        let day = DAY as f64;
        self.micros as f64 + self.days as f64 * day + self.months as f64 * ((365.25 / 12.0) * day)
    }

    /// The interval backwards.
    #[must_use]
    pub fn negated(self) -> Interval {
        Interval {
            months: self.months.saturating_neg(),
            days: self.days.saturating_neg(),
            micros: self.micros.saturating_neg(),
        }
    }

    /// Field by field.
    #[must_use]
    pub fn plus(self, other: Interval) -> Interval {
        Interval {
            months: self.months.saturating_add(other.months),
            days: self.days.saturating_add(other.days),
            micros: self.micros.saturating_add(other.micros),
        }
    }

    /// A multiple; what is left of months goes to days, of days to the time (`interval_mul`).
    #[must_use]
    pub fn times(self, factor: f64) -> Interval {
        let months = self.months as f64 * factor;
        let days = self.days as f64 * factor + (months - months.trunc()) * 30.0;
        let micros = self.micros as f64 * factor + (days - days.trunc()) * DAY as f64;
        Interval {
            months: months.trunc() as i64,
            days: days.trunc() as i64,
            micros: libm::rint(micros) as i64,
        }
    }
}

/// Days since 2000-01-01 of a date of the civil calendar.
pub fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468 - 10_957
}

/// Year, month and day of days since 2000-01-01.
pub fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468 + 10_957;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A moment and an interval later: months first, to the month's last day at most, then days, then
/// time (`timestamp_pl_interval`).
pub fn add(micros: i64, interval: Interval) -> Option<i64> {
    let mut days = micros.div_euclid(DAY);
    let time = micros.rem_euclid(DAY);
    if interval.months != 0 {
        let (year, month, day) = civil(days);
        let months = year.checked_mul(12)?.checked_add(month - 1)?.checked_add(interval.months)?;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        if year.abs() > 300_000 {
            return None;
        }
        days = days_of(year, month, day.min(days_in_month(year, month)));
    }
    let days = days.checked_add(interval.days)?;
    days.checked_mul(DAY)?.checked_add(time)?.checked_add(interval.micros)
}

/// Reads `2024-01-31[T ]12:34:56.789+02`, `infinity`, also with `/` or without separators.
pub fn parse_timestamp(text: &str) -> Option<i64> {
    let text = text.trim();
    match text.to_ascii_lowercase().as_str() {
        "infinity" => return Some(i64::MAX),
        "-infinity" => return Some(i64::MIN),
        "epoch" => return Some(-10_957 * DAY),
        _ => {}
    }
    let (date, rest) = match text.find([' ', 'T']) {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?),
        None => (text, ""),
    };
    let days = parse_date(date)?;
    let rest = rest.trim();
    if rest.is_empty() {
        return days.checked_mul(DAY);
    }
    let rest = rest.strip_suffix(" BC").unwrap_or(rest);
    days.checked_mul(DAY)?.checked_add(parse_time(rest)?)
}

/// Days since 2000-01-01.
fn parse_date(date: &str) -> Option<i64> {
    let digits_only = date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit());
    let (year, month, day) = if digits_only {
        (date.get(..4)?, date.get(4..6)?, date.get(6..)?)
    } else {
        let mut parts = date.split(['-', '/']);
        let parts = (parts.next()?, parts.next()?, parts.next()?);
        // MDY, the default of DateStyle.
        if parts.0.len() <= 2 { (parts.2, parts.0, parts.1) } else { parts }
    };
    let (year, month, day) =
        (year.parse::<i64>().ok()?, month.parse::<i64>().ok()?, day.parse::<i64>().ok()?);
    let is_valid = (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && (-5000..300_000).contains(&year);
    is_valid.then(|| days_of(year, month, day))
}

/// Microseconds since midnight of `12:34:56.789[+02[:30]]`; an offset moves it to UTC.
pub fn parse_time(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches("UTC").trim_end();
    let zone = text.find(['+', '-', 'Z']);
    let (clock, zone) = text.split_at(zone.unwrap_or(text.len()));
    let mut micros = clock_micros(clock.trim())?;
    let sign = if zone.starts_with('-') { 1 } else { -1 };
    let digits = zone.trim_start_matches(['+', '-', 'Z']);
    for (part, unit) in digits.split(':').filter(|p| !p.is_empty()).zip([3600, 60]) {
        let (part, extra) = match part.len() {
            4 => (part.get(..2)?, i64::from(part.get(2..)?.parse::<u8>().ok()?) * 60),
            _ => (part, 0),
        };
        micros += sign * (i64::from(part.parse::<u8>().ok()?) * unit + extra) * 1_000_000;
    }
    Some(micros)
}

fn clock_micros(clock: &str) -> Option<i64> {
    let mut total = 0.0;
    let mut parts = 0;
    for (part, unit) in clock.split(':').zip([3600.0, 60.0, 1.0]) {
        total += part.trim().parse::<f64>().ok()? * unit * 1e6;
        parts += 1;
    }
    (parts > 0 && total.abs() < 9e17).then(|| libm::rint(total) as i64)
}

/// Reads `30 days`, `1 year 2 mons -3 days 04:05:06`, `30d`, `P1Y2M` is not known.
pub fn parse_interval(text: &str) -> Option<Interval> {
    let mut total = Interval::default();
    let lower = text.to_ascii_lowercase();
    let mut words = lower.split_whitespace().peekable();
    let mut any = false;
    while let Some(word) = words.next() {
        any = true;
        if word == "ago" {
            return Some(total.negated());
        }
        if word.contains(':') {
            let (sign, clock) = match word.strip_prefix('-') {
                Some(clock) => (-1, clock),
                None => (1, word.trim_start_matches('+')),
            };
            total.micros = total.micros.saturating_add(sign * clock_micros(clock)?);
            continue;
        }
        let number_end = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(word.len());
        let (digits, unit) = word.split_at(number_end);
        let number: f64 = digits.parse().ok()?;
        let unit = match unit {
            "" => words.next_if(|next| next.starts_with(|c: char| c.is_ascii_alphabetic())),
            unit => Some(unit),
        };
        total = total.plus(unit_interval(unit.unwrap_or("second"))?.times(number));
    }
    any.then_some(total)
}

fn unit_interval(unit: &str) -> Option<Interval> {
    let months = |months| Interval { months, ..Interval::default() };
    let days = |days| Interval { days, ..Interval::default() };
    let micros = |micros| Interval { micros, ..Interval::default() };
    Some(match unit.trim_end_matches(',') {
        "microsecond" | "microseconds" | "us" => micros(1),
        "millisecond" | "milliseconds" | "ms" => micros(1000),
        "second" | "seconds" | "sec" | "secs" | "s" => micros(1_000_000),
        "minute" | "minutes" | "min" | "mins" | "m" => micros(60_000_000),
        "hour" | "hours" | "h" | "hr" | "hrs" => micros(3_600_000_000),
        "day" | "days" | "d" => days(1),
        "week" | "weeks" | "w" => days(7),
        "mon" | "mons" | "month" | "months" => months(1),
        "quarter" | "quarters" => months(3),
        "year" | "years" | "yr" | "yrs" | "y" => months(12),
        "decade" | "decades" => months(120),
        "century" | "centuries" => months(1200),
        _ => return None,
    })
}

/// The start of the unit that a moment lies in (`timestamp_trunc`).
pub fn truncate(unit: &str, micros: i64) -> Option<i64> {
    let days = micros.div_euclid(DAY);
    let (year, month, _) = civil(days);
    let within = |unit: i64| Some(micros.saturating_sub(micros.rem_euclid(unit)));
    match unit.trim_end_matches('s') {
        "microsecond" => Some(micros),
        "millisecond" => within(1000),
        "second" => within(1_000_000),
        "minute" => within(60_000_000),
        "hour" => within(3_600_000_000),
        "day" => Some(days * DAY),
        // 2000-01-03 was a Monday.
        "week" => Some((days - (days - 2).rem_euclid(7)) * DAY),
        "month" => Some(days_of(year, month, 1) * DAY),
        "quarter" => Some(days_of(year, (month - 1) / 3 * 3 + 1, 1) * DAY),
        "year" => Some(days_of(year, 1, 1) * DAY),
        _ => None,
    }
}

/// A field of a moment (`timestamp_part`).
pub fn extract(field: &str, micros: i64) -> Option<f64> {
    let days = micros.div_euclid(DAY);
    let time = micros.rem_euclid(DAY);
    let (year, month, day) = civil(days);
    Some(match field {
        "year" | "years" => year as f64,
        "quarter" => ((month - 1) / 3 + 1) as f64,
        "month" | "months" => month as f64,
        "day" | "days" => day as f64,
        "dow" => (days + 6).rem_euclid(7) as f64,
        "isodow" => (days + 5).rem_euclid(7) as f64 + 1.0,
        "doy" => (days - days_of(year, 1, 1) + 1) as f64,
        "hour" => (time / 3_600_000_000) as f64,
        "minute" => (time / 60_000_000 % 60) as f64,
        "second" => (time % 60_000_000) as f64 / 1e6,
        "epoch" => (micros as f64 + 10_957.0 * DAY as f64) / 1e6,
        _ => return None,
    })
}

/// As PostgreSQL prints it, in UTC.
pub fn print_timestamp(micros: i64) -> String {
    let (year, month, day) = civil(micros.div_euclid(DAY));
    let time = micros.rem_euclid(DAY);
    let (seconds, fraction) = (time / 1_000_000, time % 1_000_000);
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = format!(".{fraction:06}");
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    format!("{year:04}-{month:02}-{day:02} {clock}{fraction}")
}

/// As PostgreSQL prints a date.
pub fn print_date(micros: i64) -> String {
    let (year, month, day) = civil(micros.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// As text that [`parse_interval`] reads.
pub fn print_interval(interval: Interval) -> String {
    format!("{} mons {} days {} microseconds", interval.months, interval.days, interval.micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        assert_eq!(parse_timestamp("2000-01-02"), Some(DAY));
        assert_eq!(parse_timestamp("2000-01-01 01:00:00+01"), Some(0));
        assert_eq!(parse_timestamp("2024-02-30"), None);
        assert_eq!(parse_timestamp("rubbish-in"), None);
        assert_eq!(print_date(parse_timestamp("1998-12-01").unwrap()), "1998-12-01");
        let moment = parse_timestamp("2024-02-29 12:00:00.5").unwrap();
        assert_eq!(print_timestamp(moment), "2024-02-29 12:00:00.5");
        assert_eq!(extract("dow", moment), Some(4.0));
        assert_eq!(print_date(truncate("week", moment).unwrap()), "2024-02-26");
    }

    #[test]
    fn intervals_end_with_the_month() {
        let interval = parse_interval("1 month").unwrap();
        let end = parse_timestamp("2024-01-31").unwrap();
        assert_eq!(print_date(add(end, interval).unwrap()), "2024-02-29");
        let interval = parse_interval("1 year 2 mons -3 days 04:05:06").unwrap();
        assert_eq!(interval, Interval { months: 14, days: -3, micros: 14_706_000_000 });
        assert_eq!(parse_interval("30 days ago").unwrap().days, -30);
        assert_eq!(
            parse_interval("1.5 month").unwrap(),
            Interval { months: 1, days: 15, micros: 0 }
        );
    }
}
